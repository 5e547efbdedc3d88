package dev.muster.cli.terminal;

/** Who reads what a command prints: a person or a program. */
public enum Output {
  text,
  json
}
