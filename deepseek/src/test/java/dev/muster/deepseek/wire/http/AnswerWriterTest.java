package dev.muster.deepseek.wire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.common.buffers.BufferData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerWriterTest {
  /** What goes to the socket, a text for each write. */
  private final List<String> sent = new ArrayList<>();

  private final AnswerWriter writer =
      new AnswerWriter((bytes, offset, length) ->
          sent.add(new String(bytes, offset, length, StandardCharsets.UTF_8)));

  private static BufferData text(String text) {
    return BufferData.create(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void eachWriteIsSentByItself() {
    writer.write(text("a"));
    writer.write(text("b"), text("c"));
    assertThat(sent).containsExactly("a", "bc");
  }

  @Test
  void whatIsWrittenTogetherIsSentAtOnce() {
    writer.together(() -> {
      writer.write(text("head "));
      writer.together(() -> writer.writeNow(text("part ")));
      writer.writeNow(text("e"), text("nd"));
      assertThat(sent).isEmpty();
    });
    writer.write(text("next"));
    assertThat(sent).containsExactly("head part end", "next");
  }

  @Test
  void bytesThatAreUsedAgainAreSentAsTheyWere() {
    var bytes = "first".getBytes(StandardCharsets.UTF_8);
    writer.together(() -> {
      writer.write(BufferData.create(bytes));
      System.arraycopy("other".getBytes(StandardCharsets.UTF_8), 0, bytes, 0, 5);
    });
    assertThat(sent).containsExactly("first");
  }

  @Test
  void moreThanIsWorthACopyIsSentInOrder() {
    var much = "x".repeat(20_000);
    writer.together(() -> {
      writer.write(text("head"));
      writer.write(text(much));
      writer.write(text("end"));
    });
    assertThat(sent).containsExactly("head", much, "end");
  }

  @Test
  void ofWhatFailsNothingIsSent() {
    assertThatThrownBy(() ->
            writer.together(() -> {
              writer.write(text("head"));
              throw new IllegalStateException("no");
            }))
        .hasMessage("no");
    writer.write(text("next"));
    assertThat(sent).containsExactly("next");
  }
}
