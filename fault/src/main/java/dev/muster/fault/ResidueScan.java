package dev.muster.fault;

import java.util.List;

/** Somebody who took no part in a fault looks on its node for what may be left of it. */
public interface ResidueScan {

  /**
   * A line for each thing found; empty where nothing is left.
   *
   * @throws RuntimeException if the node could not be looked at; the message says why
   */
  List<String> left() throws InterruptedException;
}
