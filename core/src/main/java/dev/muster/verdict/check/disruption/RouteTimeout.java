package dev.muster.verdict.check.disruption;

import dev.muster.drill.field.DurationText;
import dev.muster.timeline.Event.SettingObserved;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.recovery.Recovery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something between client and pod gives each answer the same time: requests are cut so long after
 * they were sent, at different moments, and pods have nothing to do with it.
 */
final class RouteTimeout {
  /** Settings of an ingress that bound a whole answer: of an HTTPProxy, and of an Ingress. */
  private static final List<String> SETTINGS =
      List.of("timeoutPolicy.response", "projectcontour.io/response-timeout");

  private static final int GATEWAY_TIMEOUT = 504;

  /** One timeout cuts at times that differ by no more, in seconds either way. */
  private static final double ALIKE = 0.3;

  /** A shorter one is none of answers. */
  private static final double LEAST_SECONDS = 1;

  /** Two may be alike by chance. */
  private static final int LEAST = 3;

  /** Streams that began together and broke off together are as long as one another. */
  private static final double APART_SECONDS = 3;

  private record Cut(Request request, Instant ended, double seconds) {
    boolean alike(double other) {
      return Math.abs(seconds - other) <= ALIKE;
    }
  }

  private RouteTimeout() {}

  static List<Blamed> among(Scene scene, List<Request> requests) {
    var cut = new ArrayList<>(requests.stream().flatMap(r -> cut(r).stream()).toList());
    var blamed = new ArrayList<Blamed>();
    SETTINGS.stream()
        .flatMap(name -> scene.settings().named(name).stream())
        .forEach(
            setting -> seconds(setting).ifPresent(seconds -> take(cut, seconds, setting, blamed)));
    guessed(scene, cut).ifPresent(seconds -> take(cut, seconds, null, blamed));
    return blamed;
  }

  private static Optional<Cut> cut(Request request) {
    var ended = request.ended();
    boolean may =
        request.outcome() == Outcome.TRUNCATED
            || (request.outcome() == Outcome.HTTP_ERROR && request.httpStatus() == GATEWAY_TIMEOUT);
    return may && ended != null && Scene.seconds(request) >= LEAST_SECONDS
        ? Optional.of(new Cut(request, ended, Scene.seconds(request)))
        : Optional.empty();
  }

  /** Empty where there is no bound. */
  private static Optional<Double> seconds(SettingObserved setting) {
    return DurationText.parse(setting.value()).map(d -> d.toNanos() / 1e9);
  }

  /** What is cut at that time is taken from the others. */
  private static void take(
      List<Cut> cut, double seconds, @Nullable SettingObserved setting, List<Blamed> blamed) {
    var alike = cut.stream().filter(c -> c.alike(seconds)).toList();
    if (!alike.isEmpty()) {
      cut.removeAll(alike);
      blamed.add(
          new Blamed(
              sentence(alike.size(), seconds, setting), alike.stream().map(Cut::request).toList()));
    }
  }

  private static Sentence sentence(int count, double seconds, @Nullable SettingObserved setting) {
    return setting == null
        ? Sentence.of(
            "%d requests were cut about %.1f s after they were sent, whatever their pods did: by a"
                + " timeout between client and pod (route of the ingress, load balancer); one longer"
                + " than the longest answer would have held, which takes more than that",
            count, seconds)
        : Sentence.of(
            "%s %s of %s cut %d requests %.1f s after they were sent: one longer than the longest"
                + " answer would have held, which takes more than that",
            setting.name(), setting.value(), setting.where().path(), count, seconds);
  }

  /** The time at which most were cut whose pods stayed; none is if an answer took longer. */
  private static Optional<Double> guessed(Scene scene, List<Cut> cut) {
    var stayed = cut.stream().filter(c -> stayed(scene, c)).toList();
    return stayed.stream()
        .map(c -> stayed.stream().filter(other -> other.alike(c.seconds())).toList())
        .filter(alike -> alike.size() >= LEAST && apart(alike) > APART_SECONDS)
        .max(Comparator.comparingInt(List::size))
        .map(alike -> alike.stream().map(Cut::seconds).sorted().toList())
        .map(times -> times.get(times.size() / 2))
        .filter(seconds -> scene.longest() <= seconds + ALIKE);
  }

  private static boolean stayed(Scene scene, Cut cut) {
    return scene.met(cut.request()).stream()
        .flatMap(pod -> Scene.told(pod).stream())
        .noneMatch(told -> !told.at().isAfter(cut.ended()));
  }

  /** Seconds between the first end and the last. */
  private static double apart(List<Cut> alike) {
    var ends = alike.stream().map(Cut::ended).sorted().toList();
    return Recovery.seconds(ends.getFirst(), ends.getLast());
  }
}
