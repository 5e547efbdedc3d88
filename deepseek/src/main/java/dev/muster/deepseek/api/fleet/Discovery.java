package dev.muster.deepseek.api.fleet;

import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.etcd.Etcd;
import dev.muster.deepseek.wire.etcd.Registration;
import dev.muster.deepseek.wire.etcd.Watch;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the fleet as etcd has it: a snapshot, then a watch from its revision; after any loss or
 * long silence a snapshot again. While etcd is away the last known list stays: a stale worker costs
 * one retry, an empty list costs everything.
 */
public final class Discovery implements AutoCloseable {
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(2);

  private final Etcd etcd;
  private final Fleet fleet;
  private final Duration silence;
  private final Log log;
  private final Thread loop = Thread.ofPlatform().daemon().name("discovery").unstarted(this::run);
  private volatile boolean connected;
  private volatile long revision;
  private volatile boolean closed;

  public Discovery(Etcd etcd, Fleet fleet, Duration silence, Log log) {
    this.etcd = etcd;
    this.fleet = fleet;
    this.silence = silence;
    this.log = log;
  }

  public void start() {
    loop.start();
  }

  public boolean connected() {
    return connected;
  }

  /** The newest revision of etcd whose workers the fleet has; 0 before the first. */
  public long revision() {
    return revision;
  }

  @Override
  public void close() {
    closed = true;
    loop.interrupt();
  }

  private void run() {
    var retry = FIRST_RETRY;
    var complained = false;
    while (!closed) {
      try {
        follow(snapshot());
      } catch (SocketTimeoutException e) {
        if (connected) {
          // Nothing happened for a while; see whether etcd still answers
          retry = FIRST_RETRY;
          complained = false;
          continue;
        }
        pause(retry);
      } catch (IOException e) {
        if (!complained) {
          log.warn(
              "etcd is away, keeping the known workers",
              "workers",
              fleet.size(),
              "reason",
              String.valueOf(e));
        }
        complained = true;
        pause(retry);
        retry =
            retry.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? retry.multipliedBy(2) : LAST_RETRY;
      }
    }
  }

  /** Returns the revision to watch from. */
  private long snapshot() throws IOException {
    Etcd.Snapshot snapshot;
    try {
      snapshot = etcd.list(Registration.PREFIX);
    } catch (IOException e) {
      connected = false;
      throw e;
    }
    var ready = new ArrayList<Registration>();
    for (var entry : snapshot.entries()) {
      parse(entry.key(), entry.value(), ready);
    }
    var before = fleet.pods();
    fleet.replace(ready);
    var after = fleet.pods();
    if (!before.equals(after)) {
      log.info("workers", "pods", String.join(",", after));
    }
    connected = true;
    revision = snapshot.revision();
    return snapshot.revision() + 1;
  }

  private void follow(long from) throws IOException {
    try (var watch = etcd.watch(Registration.PREFIX, from)) {
      while (!closed) {
        watch.next(silence).forEach(this::apply);
        revision = Math.max(revision, watch.revision());
      }
    }
  }

  private void apply(Watch.Change change) {
    switch (change) {
      case Watch.Put(var key, var value) -> {
        var ready = new ArrayList<Registration>();
        parse(key, value, ready);
        ready.forEach(worker -> {
          fleet.put(worker);
          log.info("worker joined", "worker", worker.pod(), "address", worker.address());
        });
        if (ready.isEmpty()) {
          fleet.remove(pod(key));
        }
      }
      case Watch.Deleted(var key) -> {
        fleet.remove(pod(key));
        log.info("worker left", "worker", pod(key), "workers", fleet.size());
      }
    }
  }

  private void parse(String key, String value, List<Registration> into) {
    try {
      var registration = Registration.parse(value);
      if (registration.state().equals("ready")) {
        into.add(registration);
      }
    } catch (IllegalArgumentException e) {
      log.warn("ignored a bad registration", "key", key, "reason", String.valueOf(e.getMessage()));
    }
  }

  private static String pod(String key) {
    return key.substring(Registration.PREFIX.length());
  }

  private void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      if (!closed) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
