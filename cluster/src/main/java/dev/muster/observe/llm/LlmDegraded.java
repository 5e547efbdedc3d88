package dev.muster.observe.llm;

import dev.muster.cluster.object.PodPort;
import dev.muster.cluster.object.Pods;
import dev.muster.drill.field.LlmFailure;
import dev.muster.drill.kind.LlmFault;
import dev.muster.drill.port.Effect;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A pod that answered as it should before, and shows the sign of one gray failure since. It is
 * asked for short answers and for its health as anybody could ask it; the page on which it was told
 * to fail is not looked at.
 */
public final class LlmDegraded implements Effect {
  /** Behind what a failure lets through, so that it is seen in the same answer. */
  private static final int TOKENS = 12;

  /**
   * How long it is waited for.
   *
   * @param silence without a token after which an answer is given up
   * @param slow the same for all of an answer that may be slow: it still says something meanwhile
   * @param whole for any other
   */
  public record Waits(Duration silence, Duration slow, Duration whole) {
    public static final Waits USUAL =
        new Waits(Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(10));
  }

  private static final Duration HEALTH = Duration.ofSeconds(3);
  private static final Duration LOADED = Duration.ofMinutes(10);
  private static final String PAGE = "/health";
  private static final String GENERATES = "/health_generate";

  /** A pod that is busy may refuse one request before the fault. */
  private static final int TRIES = 3;

  private final KubernetesClient probe;
  private final Pod pod;
  private final LlmFault fault;
  private final PodPort port;
  private final PodChat chat;
  private final Waits waits;
  private final String prompt;
  private @Nullable StreamedCompletion before;
  private String last = "nobody looked";
  private boolean shown;
  private boolean generates; // as it said itself before

  /**
   * @param probe does not try again
   * @param id of the fault, so that no other asks the same
   */
  public LlmDegraded(
      KubernetesClient probe, Pod pod, LlmFault fault, String id, String model, Waits waits) {
    this.probe = probe;
    this.pod = pod;
    this.fault = fault;
    this.port = PodPort.of(probe, pod, fault.port());
    this.chat = new PodChat(port, model);
    this.waits = waits;
    this.prompt = "Muster looks how this pod answers, for " + id + ". Count from one on.";
  }

  @Override
  public Optional<String> before() throws InterruptedException {
    for (String page : pages()) {
      PodPort.Answer health = health(page);
      if (health.status() != 200) {
        return unwell(page + " says " + words(health));
      }
    }
    generates = fault.failure() == LlmFailure.STUCK_DECODE && health(GENERATES).status() == 200;
    StreamedCompletion completion = whole(() -> ask(prompt, waits.whole()));
    before = completion;
    return completion.whole()
        ? comparable(completion)
        : unwell("it answers with " + completion.words());
  }

  private interface Question {
    StreamedCompletion ask() throws InterruptedException;
  }

  private static StreamedCompletion whole(Question question) throws InterruptedException {
    StreamedCompletion completion = question.ask();
    for (int tries = 1; tries < TRIES && !completion.whole(); tries++) {
      completion = question.ask();
    }
    return completion;
  }

  /** One that was held up by chance would hide that others are slow. */
  private Optional<String> paced(StreamedCompletion completion) throws InterruptedException {
    StreamedCompletion other = ask(prompt, waits.whole());
    before = other.whole() && other.gap().compareTo(completion.gap()) < 0 ? other : completion;
    return Optional.empty();
  }

  private List<String> pages() {
    return fault.failure() == LlmFailure.LYING_HEALTH ? List.of(PAGE, GENERATES) : List.of(PAGE);
  }

  /** What is known by a difference must have shown none. */
  private Optional<String> comparable(StreamedCompletion completion) throws InterruptedException {
    return switch (fault.failure()) {
      case CORRUPT_TOKENS, FOREIGN_CACHE -> {
        StreamedCompletion again = whole(() -> ask(prompt, waits.whole()));
        yield again.whole() && again.text().equals(completion.text())
            ? Optional.empty()
            : unwell(
                again.whole()
                    ? "it answers the same question, with temperature 0 and the same seed, twice"
                        + " otherwise, so that a wrong answer could not be told"
                    : "it answers with " + again.words());
      }
      case CACHE_LOST -> {
        StreamedCompletion second = whole(this::second);
        yield second.cached() > 0
            ? Optional.empty()
            : unwell(
                second.cached() < 0
                    ? "its usage tells nothing of a prefix cache: " + second.words()
                    : "nothing of an equal prompt came from its prefix cache");
      }
      case SLOW_DECODE -> paced(completion);
      default -> Optional.empty();
    };
  }

  private Optional<String> unwell(String why) {
    return Optional.of(Pods.object(pod) + " is not well before the fault: " + why);
  }

  @Override
  public Optional<Map<String, String>> seen() throws InterruptedException {
    Optional<String> gone = gone();
    Look look = gone.isPresent() ? new Untold(gone.get()) : look();
    last =
        switch (look) {
          case Lasts lasts -> String.valueOf(lasts.evidence());
          case Over over -> String.valueOf(over.evidence());
          case Spent spent -> String.valueOf(spent.evidence());
          case Untold untold -> untold.why();
        };
    return look instanceof Lasts lasts ? Optional.of(lasts.evidence()) : Optional.empty();
  }

  @Override
  public Look again() throws InterruptedException {
    Optional<String> gone = gone();
    return gone.isPresent() ? new Spent(Map.of("api-server", gone.get())) : look();
  }

  /** A failure goes with the process that had it. */
  private Optional<String> gone() {
    Pod now = probe.pods().resource(pod).get();
    if (now == null
        || Pods.finished(now)
        || !now.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
      return Optional.of(Pods.object(pod) + " is gone");
    }
    return Pods.restarts(now) > Pods.restarts(pod)
        ? Optional.of("a container of " + Pods.object(pod) + " was started anew")
        : Optional.empty();
  }

  private Look look() throws InterruptedException {
    PodPort.Answer health = health(PAGE);
    Look look =
        switch (fault.failure()) {
          case SLOW_LOAD, LOAD_LOOP -> loading(health);
          case STUCK_DECODE -> health.status() == 200 ? stuck(health) : unclear(PAGE, health);
          case LYING_HEALTH -> lying(health);
          default -> answered(health);
        };
    shown |= look instanceof Lasts;
    return look;
  }

  /** A load that was slow and has come to its end is nobody's undo. */
  private Look loading(PodPort.Answer health) {
    Map<String, String> evidence = Map.of("health", words(health));
    if (health.status() == 0) {
      return new Untold(PAGE + ": " + health.body());
    }
    if (health.status() != 200) {
      return new Lasts(evidence);
    }
    return shown && fault.failure() == LlmFailure.SLOW_LOAD
        ? new Spent(Map.of("health", "the model is loaded"))
        : new Over(evidence);
  }

  private Look lying(PodPort.Answer health) throws InterruptedException {
    PodPort.Answer generates = health(GENERATES);
    if (health.status() != 200) {
      return unclear(PAGE, health);
    }
    return generates.status() == 200 ? answered(health) : unclear(GENERATES, generates);
  }

  /** One that is only busy gives no token to us, and says that it gives some to others. */
  private Look stuck(PodPort.Answer health) throws InterruptedException {
    Look look = answered(health);
    if (!generates || !(look instanceof Lasts)) {
      return look;
    }
    PodPort.Answer said = health(GENERATES);
    return said.status() == 200 ? unclear(GENERATES, said) : look;
  }

  private static Look unclear(String page, PodPort.Answer said) {
    return new Untold(page + " says " + words(said) + ", which is another failure");
  }

  private Look answered(PodPort.Answer health) throws InterruptedException {
    boolean slow = fault.failure() == LlmFailure.SLOW_DECODE;
    StreamedCompletion completion =
        fault.failure() == LlmFailure.CACHE_LOST
            ? second()
            : ask(prompt, slow ? waits.slow() : waits.whole());
    Look look =
        LlmSymptom.of(fault, Objects.requireNonNull(before, "looked at before"), completion);
    if (!(look instanceof Lasts lasts)) {
      return look;
    }
    Map<String, String> evidence = new LinkedHashMap<>(lasts.evidence());
    evidence.put("health", words(health));
    return new Lasts(evidence);
  }

  private StreamedCompletion ask(String question, Duration within) throws InterruptedException {
    int first = fault.failure().takesAfterTokens() ? fault.afterTokens() : 0;
    boolean slow = fault.failure() == LlmFailure.SLOW_DECODE;
    return chat.ask(question, first + TOKENS, slow ? waits.slow() : waits.silence(), within);
  }

  /** The second of two long prompts that are equal, and that nobody has asked before. */
  private StreamedCompletion second() throws InterruptedException {
    String question = UUID.randomUUID() + " one two three four five six seven".repeat(20);
    StreamedCompletion first = ask(question, waits.whole());
    return first.whole() ? ask(question, waits.whole()) : first;
  }

  private PodPort.Answer health(String page) throws InterruptedException {
    return port.ask("GET", page, Map.of(), null, HEALTH);
  }

  private static String words(PodPort.Answer answer) {
    String said = answer.body().strip().replaceAll("\\s+", " ");
    return (answer.status() == 0 ? "" : "HTTP " + answer.status() + " ")
        + (said.length() <= 100 ? said : said.substring(0, 100) + " …");
  }

  /** An answer may be cut or slow by chance. */
  @Override
  public Duration patience() {
    return waits.silence();
  }

  /** A model is loaded anew after a load that was slow or failed. */
  @Override
  public Duration ending() {
    return switch (fault.failure()) {
      case SLOW_LOAD, LOAD_LOOP -> LOADED;
      default -> Effect.super.ending();
    };
  }

  @Override
  public String unseen() {
    return "%s shows no %s: %s".formatted(Pods.object(pod), fault.failure().word(), last);
  }
}
