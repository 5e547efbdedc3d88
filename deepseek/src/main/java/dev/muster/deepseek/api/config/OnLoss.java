package dev.muster.deepseek.api.config;

/** What becomes of an answer under way whose worker is lost. */
public enum OnLoss {
  /** Another worker goes on with it; where none can, it is told inside the stream. */
  RESUME,
  /** It ends with an error inside the stream. */
  FAIL_IN_BAND,
  /** It ends as if it were whole, but without its last chunk: what most gateways do. */
  CUT
}
