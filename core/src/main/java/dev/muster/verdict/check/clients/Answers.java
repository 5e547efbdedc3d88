package dev.muster.verdict.check.clients;

import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Sentence;
import java.util.Collection;

/**
 * What became of requests. Each is in one of the numbers but the first.
 *
 * @param lost accepted and not answered in full
 * @param refused by an error of the service
 * @param unreachable never got to the service
 * @param unsent never left the generator, or were late by its own fault
 */
public record Answers(
    long all, long answered, long lost, long refused, long unreachable, long unsent) {

  public static Answers of(Collection<Request> requests) {
    return new Answers(
        requests.size(),
        requests.stream().filter(Request::answered).count(),
        requests.stream().filter(Request::lost).count(),
        requests.stream().filter(Request::refused).count(),
        requests.stream().filter(Request::unreachable).count(),
        requests.stream().filter(Request::ofGenerator).count());
  }

  Sentence told() {
    return answered == all
        ? Sentence.of("each of %d requests got its full answer", all)
        : Sentence.of(
            "%d of %d requests got their full answer; %d were lost, %d refused, %d could not reach"
                + " the service",
            answered, all, lost, refused, unreachable);
  }
}
