package dev.muster.load;

/**
 * A load as it is now.
 *
 * @param failedLast5s requests that ended otherwise than COMPLETE in the last 5 s
 * @param ttftP99Millis of the requests that ended in the last 10 s, from the intended time; 0 if no
 *     first token came
 */
public record LoadStats(
    long scheduled,
    long finished,
    long ok,
    long failedLast5s,
    int activeStreams,
    double ttftP99Millis) {}
