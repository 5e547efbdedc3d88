package dev.muster.deepseek.api.fleet;

import dev.muster.deepseek.api.upstream.Failure;
import java.net.InetSocketAddress;
import java.util.function.LongSupplier;

/** One request's place at a worker; to be closed. One thread uses it. */
public final class Seat implements AutoCloseable {
  private final Fleet fleet;
  private final Member member;
  private final Demand demand;
  private final Silence silence;
  private final LongSupplier nanos;
  private long owed;
  private boolean begun;

  Seat(Fleet fleet, Member member, Demand demand, Silence silence, LongSupplier nanos) {
    this.fleet = fleet;
    this.member = member;
    this.demand = demand;
    this.silence = silence;
    this.nanos = nanos;
    owed = demand.cost();
  }

  public String pod() {
    return member.pod();
  }

  public InetSocketAddress address() {
    return member.registration().socketAddress();
  }

  /** When the worker is lost, if nothing comes; asked anew once that time is there. */
  public long deadline() {
    return silence.deadline();
  }

  public void comment() {
    silence.comment();
  }

  /** The worker answers: whatever it did before is forgiven. */
  public void token() {
    silence.token();
    if (!begun) {
      begun = true;
      synchronized (fleet) {
        member.firstToken(demand);
        member.succeeded(nanos.getAsLong());
      }
      pay(demand.reading());
      fleet.room();
    }
    pay(1);
  }

  /** An answer that is longer than was thought owes one more until its end. */
  private void pay(long tokens) {
    var paid = Math.min(tokens, owed - 1);
    if (paid > 0) {
      owed -= paid;
      member.owes(-paid);
    }
  }

  public void passedOn() {
    silence.passedOn();
  }

  /** A silent worker that goes on with others is not lost: it has no room for this one. */
  public Failure seen(Failure failure) {
    return failure == Failure.SILENT && silence.othersGoOn() ? Failure.STANDING : failure;
  }

  /** The worker is to be left alone for a while. */
  public void failed(Failure failure) {
    if (failure == Failure.SILENT) {
      member.silent(nanos.getAsLong());
    }
    fleet.eject(member);
  }

  /** The worker has no room. */
  public void full() {
    synchronized (fleet) {
      member.full(nanos.getAsLong());
    }
  }

  /** The worker answered, if only with a refusal. */
  void succeeded() {
    synchronized (fleet) {
      member.succeeded(nanos.getAsLong());
    }
  }

  /** It is known how this probe ended. */
  void probed() {
    synchronized (fleet) {
      member.probe(false);
    }
  }

  @Override
  public void close() {
    member.owes(-owed);
    synchronized (fleet) {
      if (!begun) {
        member.firstToken(demand);
      }
      member.leave();
    }
    fleet.room();
  }
}
