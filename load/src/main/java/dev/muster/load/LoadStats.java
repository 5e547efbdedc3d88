package dev.muster.load;

/**
 * A load as it is now.
 *
 * @param failedLast5s requests that ended otherwise than COMPLETE in the last 5 s
 * @param ttftP99Millis of the first tokens of the last 10 s, from the intended time; 0 if none came
 */
public record LoadStats(
    long scheduled,
    long finished,
    long ok,
    long failedLast5s,
    int activeStreams,
    double ttftP99Millis) {}
