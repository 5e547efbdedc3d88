package dev.muster.cli;

/** Who reads what a command prints: a person or a program. */
enum Output {
  text,
  json
}
