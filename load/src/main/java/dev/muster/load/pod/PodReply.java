package dev.muster.load.pod;

import dev.muster.load.strain.Punctuality;
import dev.muster.timeline.Request;
import dev.muster.timeline.file.SeriesFile;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a pod answers each time that it is asked. All times are on the pod's clock.
 *
 * @param instance of its program, another one after each start
 * @param part of the schedule, from 0
 * @param received when the question was there
 * @param answered when the answer was about to go
 * @param started whether it knows when to begin
 * @param scheduled requests that were due so far
 * @param first number of the first of these rows, from 0
 * @param end null while the load goes on
 */
public record PodReply(
    String instance,
    int part,
    Instant received,
    Instant answered,
    boolean started,
    long scheduled,
    long first,
    List<Request> rows,
    @Nullable End end) {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * The load of this pod is over: no more rows come.
   *
   * @param rows how many there are
   * @param late when its canary says that it was late
   * @param lags of its canary, as text
   * @param lagBySecond of its canary, in milliseconds
   * @param failure why its rows are not all there; null where they are
   */
  public record End(
      long rows,
      List<Punctuality.Late> late,
      String lags,
      List<SeriesFile.Point> lagBySecond,
      @Nullable String failure) {}

  public String json() {
    return JSON.writeValueAsString(this);
  }

  public static PodReply read(String json) {
    return JSON.readValue(json, PodReply.class);
  }
}
