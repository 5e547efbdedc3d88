package dev.muster.timeline;

import java.util.Locale;

/** What somebody else did to an object of the cluster, or what became of it. */
public enum Change {
  NOT_READY(true),
  READY(false),
  REBOOTED(true),
  GONE(true),
  SCALED_UP(false),
  SCALED_DOWN(true),
  /** The template of the pods is another one. */
  ROLLED_OUT(true);

  private final boolean harmful;

  Change(boolean harmful) {
    this.harmful = harmful;
  }

  /** As reports and consoles name it. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Whether clients may suffer from it. */
  public boolean harmful() {
    return harmful;
  }
}
