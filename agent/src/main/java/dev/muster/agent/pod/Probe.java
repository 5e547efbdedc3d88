package dev.muster.agent.pod;

import dev.muster.agent.words.AgentEventWriter;
import dev.muster.agent.words.Arguments;
import dev.muster.wire.AgentEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.Security;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sees with a pod's eyes whether something can be reached, once a second, until it is ended. Tells
 * every look: what is not told was not seen.
 */
public record Probe(Arguments given, AgentEventWriter events) {
  private static final int TIMEOUT_MILLIS = 900;

  public int run() throws InterruptedException {
    // Java keeps answers, and failures, for a while
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    String what = given.text("what");
    for (int look = 0; look < given.number("looks", 3600); look++) {
      long began = System.nanoTime();
      String failure = what.equals("dns") ? resolve() : connect();
      long millis = (System.nanoTime() - began) / 1_000_000;
      events.say(new AgentEvent.Probe(failure.isEmpty(), millis, failure));
      Thread.sleep(Math.max(0, 1000 - (System.nanoTime() - began) / 1_000_000));
    }
    return 0;
  }

  private String connect() {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(given.text("host"), (int) given.number("port", 80)),
          TIMEOUT_MILLIS);
      return "";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** The system's resolver is patient beyond the next look, and cannot be told otherwise. */
  private String resolve() throws InterruptedException {
    AtomicReference<String> answer = new AtomicReference<>("no answer within 900 ms");
    Thread asking =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                InetAddress address = InetAddress.getByName(given.text("host"));
                answer.set(address.isAnyLocalAddress() ? "no address" : "");
              } catch (UnknownHostException e) {
                answer.set("no answer: " + e.getMessage());
              }
            });
    asking.join(TIMEOUT_MILLIS);
    return answer.get();
  }
}
