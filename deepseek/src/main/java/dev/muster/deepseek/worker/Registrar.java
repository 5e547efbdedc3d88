package dev.muster.deepseek.worker;

import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.etcd.Etcd;
import dev.muster.deepseek.wire.etcd.Registration;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a worker registered in etcd under a lease. Without etcd it tries for ever: the worker goes
 * on serving, and gateways go on with the list that they know.
 */
public final class Registrar implements AutoCloseable {
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(2);

  private final Etcd etcd;
  private final String key;
  private final Registration registration;
  private final Duration ttl;
  private final Log log;
  private final Thread loop = Thread.ofPlatform().daemon().name("registrar").unstarted(this::run);
  private volatile boolean closed;
  private volatile boolean succeeded;
  private volatile @Nullable String lease;

  /**
   * @param prefix of its key in etcd, by which others find it
   */
  public Registrar(Etcd etcd, String prefix, Registration registration, Duration ttl, Log log) {
    this.etcd = etcd;
    key = prefix + registration.pod();
    this.registration = registration;
    this.ttl = ttl;
    this.log = log;
  }

  public void start() {
    loop.start();
  }

  /** Whether it ever was: without etcd, gateways go on with the list that they know. */
  public boolean succeeded() {
    return succeeded;
  }

  /** Withdraws the registration; without etcd the lease runs out by itself. */
  @Override
  public void close() {
    closed = true;
    loop.interrupt();
    try {
      loop.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var held = lease;
    lease = null;
    if (held != null) {
      try {
        etcd.revoke(held);
        log.info("unregistered", "key", key);
      } catch (IOException e) {
        log.warn("could not unregister, the lease will run out", "reason", String.valueOf(e));
      }
    }
  }

  private void run() {
    var retry = FIRST_RETRY;
    while (!closed) {
      try {
        register();
        retry = FIRST_RETRY;
        keep();
        if (!closed) { // else close() revokes it
          lease = null;
          log.warn("lease lost, registering again", "key", key);
        }
      } catch (IOException e) {
        log.warn(
            "etcd does not take the registration, trying again",
            "reason",
            String.valueOf(e),
            "retry_ms",
            retry.toMillis());
        pause(retry);
        retry =
            retry.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? retry.multipliedBy(2) : LAST_RETRY;
      }
    }
  }

  private void register() throws IOException {
    var granted = etcd.grant(ttl);
    etcd.put(key, registration.json(), granted);
    lease = granted;
    succeeded = true;
    log.info("registered", "key", key, "address", registration.address());
  }

  /** Returns when the lease is gone. */
  private void keep() {
    var failures = 0;
    while (!closed) {
      // A third of its life, so that two failures in a row do not end it; faster while it fails
      pause(failures == 0 ? ttl.dividedBy(3) : FIRST_RETRY.multipliedBy(Math.min(failures, 10)));
      var held = lease;
      if (closed || held == null) {
        return;
      }
      try {
        if (!etcd.keepAlive(held)) {
          return;
        }
        failures = 0;
      } catch (Etcd.Refused e) {
        return;
      } catch (IOException e) {
        if (failures++ == 0) {
          log.warn("etcd does not renew the lease, trying again", "reason", String.valueOf(e));
        }
      }
    }
  }

  private void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      // close() wakes us; the loops look at closed
      if (!closed) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
