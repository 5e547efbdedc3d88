package dev.muster.load.api;

import dev.muster.load.answer.AnswerJudge;
import dev.muster.load.http.ResponseHead;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request as its API has it.
 *
 * @param body made when it is asked for, each time; gives null where there is none
 * @param type of the body
 * @param accept what is to be answered
 * @param stream whether the answer is to be a stream of events
 * @param tokens whether the answer is tokens
 * @param good whether a body with this status is an answer; another one tells an error
 * @param within so soon after its sending the answer has to be whole to be a good one; null where
 *     only the timeout bounds that
 * @param judge takes the body of an answer with this head
 */
record ApiRequest(
    String method,
    Supplier<@Nullable String> body,
    String type,
    String accept,
    boolean stream,
    boolean tokens,
    IntPredicate good,
    @Nullable Duration within,
    Function<ResponseHead, AnswerJudge> judge) {
  private static final String JSON = "application/json";

  /** A POST of JSON that is answered with 200. */
  static ApiRequest post(
      Supplier<@Nullable String> json,
      boolean stream,
      boolean tokens,
      Function<ResponseHead, AnswerJudge> judge) {
    var accept = stream ? "text/event-stream" : JSON;
    return new ApiRequest(
        "POST", json, JSON, accept, stream, tokens, status -> status == 200, null, judge);
  }
}
