package dev.muster.deepseek.wire.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks up host names in the background and keeps the last answer.
 *
 * <p>Why: a name server on the node that was lost lets a look-up hang for many seconds, and a
 * look-up pins the carrier of a virtual thread. On two cores two such requests would stop the whole
 * process. So only this one platform thread ever asks.
 */
public final class Names {
  private static final Duration KNOWN = Duration.ofSeconds(5);
  private static final Duration UNKNOWN = Duration.ofMillis(500);

  private static final Duration FIRST_ROUND = Duration.ofSeconds(2);

  private final List<URI> uris;
  private final CountDownLatch firstRound = new CountDownLatch(1);
  private final Map<String, InetAddress> addresses = new ConcurrentHashMap<>();

  public Names(List<URI> uris) {
    this.uris = List.copyOf(uris);
    // The JVM's own cache would only add its age to ours
    Security.setProperty("networkaddress.cache.ttl", "1");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    Thread.ofPlatform().daemon().name("names").start(this::refresh);
  }

  public int size() {
    return uris.size();
  }

  /**
   * Waits for the first round of look-ups, afterwards never.
   *
   * @throws IOException if the name was never resolved so far
   */
  public InetSocketAddress address(int i) throws IOException {
    awaitFirstRound();
    var uri = uris.get(i);
    var address = addresses.get(uri.getHost());
    if (address == null) {
      throw new UnknownHostException(uri.getHost() + " is not resolved (yet)");
    }
    return new InetSocketAddress(address, uri.getPort());
  }

  private void refresh() {
    try {
      while (true) {
        var allKnown = true;
        for (var uri : uris) {
          allKnown &= lookUp(uri.getHost());
        }
        firstRound.countDown();
        Thread.sleep(allKnown ? KNOWN : UNKNOWN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitFirstRound() throws IOException {
    try {
      firstRound.await(FIRST_ROUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while looking up names");
    }
  }

  private boolean lookUp(String host) {
    try {
      addresses.put(host, InetAddress.getByName(host));
      return true;
    } catch (UnknownHostException e) {
      // The old address is better than none
      return addresses.containsKey(host);
    }
  }
}
