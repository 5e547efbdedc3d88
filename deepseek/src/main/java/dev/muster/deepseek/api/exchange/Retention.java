package dev.muster.deepseek.api.exchange;

import dev.muster.deepseek.wire.etcd.Etcd;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long etcd keeps what is put: under a lease that nobody renews. All that is put within a
 * ninety-sixth of that time shares one, for a lease of its own would cost etcd more than a record.
 * One thread uses it.
 */
public final class Retention {
  private static final int SLOTS = 96;

  /** etcd's word for none. */
  private static final String FOR_EVER = "0";

  private final Etcd etcd;
  private final Duration age;
  private final LongSupplier nanos;
  private @Nullable String lease;
  private long granted;

  /**
   * @param age at least; zero keeps for ever
   * @param nanos a clock that only rises, in nanoseconds
   */
  public Retention(Etcd etcd, Duration age, LongSupplier nanos) {
    this.etcd = etcd;
    this.age = age;
    this.nanos = nanos;
  }

  /** The lease for what is put now. */
  String lease() throws IOException {
    if (age.isZero()) {
      return FOR_EVER;
    }
    var slot = age.dividedBy(SLOTS);
    var now = nanos.getAsLong();
    var current = lease;
    if (current == null || now - granted >= slot.toNanos()) {
      // whole seconds, and one more for what etcd rounds off
      current = etcd.grant(age.plus(slot).plusSeconds(1));
      lease = current;
      granted = now;
    }
    return current;
  }

  /** etcd does not know the lease any more. */
  void forget() {
    lease = null;
  }
}
