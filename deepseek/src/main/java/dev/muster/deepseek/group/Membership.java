package dev.muster.deepseek.group;

import dev.muster.deepseek.wire.Log;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.Security;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The side of a follower: it comes to its leader, for as long as that takes, and does its part of
 * each step. What its part computes takes as long as the leader's, so that it answers at once.
 */
final class Membership {
  private static final Duration RETRY = Duration.ofMillis(200);

  private final GroupConfig config;
  private final Log log;
  private volatile @Nullable Link link;
  private volatile boolean whole;
  private volatile boolean closed;

  Membership(GroupConfig config, Log log) {
    this.config = config;
    this.log = log;
    // The leader may come back with another address
    Security.setProperty("networkaddress.cache.ttl", "1");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
  }

  boolean joined() {
    return link != null;
  }

  /** Whether all ranks of the group are there, as far as the leader told. */
  boolean whole() {
    return whole;
  }

  /** Takes part until a group that was whole is lost. */
  void run() throws InterruptedException {
    var complained = false;
    while (!closed && !whole) {
      try (var open = join()) {
        link = open;
        complained = false;
        log.info("joined", "leader", config.leader(), "rank", config.rank());
        takePart(open);
      } catch (IOException e) {
        if (!complained || whole) {
          log.warn(
              whole ? "the leader is lost" : "the leader is not there yet, trying again",
              "leader",
              config.leader(),
              "reason",
              String.valueOf(e));
        }
        complained = true;
      } finally {
        link = null;
      }
      if (!whole) {
        Thread.sleep(RETRY);
      }
    }
  }

  /** Tells the leader that this rank is about to end. */
  void leave() {
    var open = link;
    if (open != null) {
      try {
        open.write(Link.LEAVING);
      } catch (IOException e) {
        open.close(); // it knows
      }
    }
  }

  void close() {
    closed = true;
    var open = link;
    if (open != null) {
      open.close();
    }
  }

  private Link join() throws IOException {
    var colon = config.leader().lastIndexOf(':');
    var to =
        new InetSocketAddress(
            config.leader().substring(0, colon),
            Integer.parseInt(config.leader().substring(colon + 1)));
    var socket = new Socket();
    try {
      socket.connect(to, (int) config.timeout().toMillis());
      var open = new Link(socket);
      open.silence(config.timeout());
      open.write("%s %d %d".formatted(Link.JOIN, config.rank(), config.size()));
      return open;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private void takePart(Link open) throws IOException {
    while (!closed) {
      var line = next(open);
      if (line.equals(Link.WHOLE)) {
        whole = true;
        log.info("all ranks are there", "group_size", config.size());
      } else {
        open.write(line);
      }
    }
  }

  /** Late once is not lost: one that was frozen itself has not read what came meanwhile. */
  private String next(Link open) throws IOException {
    try {
      return open.read();
    } catch (SocketTimeoutException e) {
      open.silence(config.beat());
      var line = open.read();
      open.silence(config.timeout());
      return line;
    }
  }
}
