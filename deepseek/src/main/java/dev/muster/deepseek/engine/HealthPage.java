package dev.muster.deepseek.engine;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;

/** The page on which an engine tells whether it serves. */
final class HealthPage {
  private final URI page;
  private final int timeout;

  /**
   * @param timeout for the connection, and for the answer's head
   */
  HealthPage(URI engine, String path, Duration timeout) {
    page = engine.resolve(path);
    this.timeout = (int) Math.max(1, timeout.toMillis());
  }

  /** What is wrong; empty where the engine serves. */
  String problem() {
    try {
      // beside it, on the same host: no proxy leads there
      var asked = (HttpURLConnection) page.toURL().openConnection(Proxy.NO_PROXY);
      try {
        asked.setConnectTimeout(timeout);
        asked.setReadTimeout(timeout);
        asked.setUseCaches(false);
        asked.setInstanceFollowRedirects(false);
        asked.setRequestProperty("Connection", "close");
        int status = asked.getResponseCode();
        return status == 200 ? "" : page + " answers " + status;
      } finally {
        asked.disconnect();
      }
    } catch (IOException e) {
      return page + " does not answer: " + e;
    }
  }
}
