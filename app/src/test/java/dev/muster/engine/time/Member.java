package dev.muster.engine.time;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One thread that takes part in a {@link VirtualTime}. */
final class Member {
  final long number;
  final boolean mortal;
  final VirtualSignal ended;
  @Nullable Thread thread;
  @Nullable VirtualSignal awaits;
  long wake;
  volatile boolean go;
  volatile boolean running;
  boolean interrupted;

  /** How deep it is in {@link Turns}; written by itself alone. */
  final AtomicInteger inside = new AtomicInteger();

  Member(long number, boolean mortal, VirtualSignal ended) {
    this.number = number;
    this.mortal = mortal;
    this.ended = ended;
  }
}
