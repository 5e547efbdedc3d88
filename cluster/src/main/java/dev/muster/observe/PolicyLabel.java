package dev.muster.observe;

/** The label by which a NetworkPolicy of a fault finds its victims, and nothing else does. */
public final class PolicyLabel {
  public static final String FAULT = "muster.dev/fault";

  private PolicyLabel() {}
}
