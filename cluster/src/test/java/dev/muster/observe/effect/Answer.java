package dev.muster.observe.effect;

import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.utils.ResponseProvider;
import java.util.function.IntSupplier;

/** An answer whose status is that of the moment. */
record Answer(IntSupplier code) implements ResponseProvider<Object> {
  @Override
  public int getStatusCode(RecordedRequest request) {
    return code.getAsInt();
  }

  @Override
  public Headers getHeaders() {
    return Headers.builder().build();
  }

  @Override
  public void setHeaders(Headers headers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Object getBody(RecordedRequest request) {
    return "{}";
  }
}
