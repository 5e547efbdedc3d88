package dev.muster.load.answer.reader;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/** What the answers of an API mean whose events say by their {@code type} what they are. */
public sealed interface Grammar permits ResponsesGrammar, MessagesGrammar {

  /**
   * An event of a stream that is no error and comes before the last one. A type that is not known
   * means nothing: more may be added.
   *
   * @return whether it is the last
   */
  boolean event(String type, JsonNode event, AnswerAccumulator accumulator, Instant at);

  /** What the last event is called. */
  String last();

  /** An answer that is not streamed. */
  void whole(JsonNode answer, AnswerAccumulator accumulator, Instant at);
}
