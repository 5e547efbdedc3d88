package dev.muster.policy;

/** A policy asks for something that is not enforced here; then nothing of it is. */
final class NotHonouredException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Takes the field's path, like {@code spec.ingress[0].ports[1].protocol}, and what is wrong. */
  NotHonouredException(String field, String why) {
    super(field + ": " + why);
  }
}
