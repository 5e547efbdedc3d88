package dev.muster.drill.port;

/** Where long work says how far it is. Implementations are safe for use by several threads. */
public interface Progress {

  /** One line for a person: what is being done now, with a figure where there is one. */
  void say(String line);

  /** Says nothing. */
  Progress SILENT = line -> {};
}
