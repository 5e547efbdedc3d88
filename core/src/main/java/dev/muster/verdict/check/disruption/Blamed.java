package dev.muster.verdict.check.disruption;

import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Sentence;
import java.util.List;

/** A setting, whose it is, what would have held, and the requests that it cost. */
record Blamed(Sentence sentence, List<Request> requests) {}
