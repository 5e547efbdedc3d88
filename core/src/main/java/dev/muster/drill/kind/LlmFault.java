package dev.muster.drill.kind;

import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import dev.muster.drill.field.LlmFailure;
import dev.muster.source.MinimumDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A gray failure, which the worker does itself when it is asked with a token.
 *
 * @param factor how much longer it takes; 0 where the failure has none
 * @param afterTokens so many tokens of an answer come first, where the failure begins in one
 * @param tokenSecret name of a Secret in the pod's namespace, whose key {@code token} it is
 * @param port of the pod; null: the first that a container names
 */
public record LlmFault(
    LlmFailure failure, int factor, int afterTokens, String tokenSecret, @Nullable Integer port)
    implements FaultKind {
  /** As the reference service's chart names it. */
  private static final String TOKEN_SECRET = "deepseek-faults";

  private static final int AFTER_TOKENS = 5;
  private static final Duration LONGEST = Duration.ofHours(24);

  public static final Kind KIND =
      Kind.of(
              LlmFault.class,
              "a gray failure: the worker lives and does something wrong, as it is asked to",
              LlmFault::read,
              _ -> MinimumDuration.ASKED)
          .takes(
              Field.word(
                      "failure",
                      "what the worker does wrong, such as stuck-decode",
                      LlmFailure.meanings())
                  .required("reset"),
              Field.whole(
                      "factor",
                      1,
                      1000,
                      "how much longer it takes; with slow-decode (8 if left out) and slow-load (4)")
                  .sense(LlmFault::factor),
              Field.whole(
                  "afterTokens",
                  0,
                  100,
                  "tokens of an answer that come before the failure; 5 if left out"),
              Field.text(
                  "tokenSecret",
                  "the name of a Secret",
                  "^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$",
                  "in the pod's namespace, whose key token the service asks for; deepseek-faults if left out"),
              Field.whole(
                  "port", 1, 65535, "of the pod; the first that a container names if left out"))
          .rules(LlmFault::rules)
          .sense(yaml -> {
            Duration ttl = yaml.duration("ttl");
            if (ttl != null && ttl.compareTo(LONGEST) > 0) {
              yaml.refuse("ttl", "the service keeps a gray failure for 24h at most");
            }
          });

  private static LlmFault read(FaultYaml yaml) {
    LlmFailure failure = LlmFailure.of(yaml.text("failure", ""));
    return new LlmFault(
        failure,
        yaml.number("factor", failure.usualFactor()),
        yaml.number("afterTokens", AFTER_TOKENS),
        yaml.text("tokenSecret", TOKEN_SECRET),
        yaml.has("port") ? yaml.number("port", 0) : null);
  }

  /** What is said of a failure that has no such thing. */
  private static void rules(FaultYaml yaml) {
    goesWith(yaml, "factor", LlmFailure::takesFactor);
    goesWith(yaml, "afterTokens", LlmFailure::takesAfterTokens);
  }

  private static void goesWith(FaultYaml yaml, String field, Predicate<LlmFailure> takes) {
    String said = yaml.text("failure", "");
    // none where the schema has complained
    boolean other =
        Arrays.stream(LlmFailure.values()).anyMatch(f -> f.word().equals(said) && !takes.test(f));
    if (yaml.has(field) && other) {
      yaml.refuseKey(
          field,
          "%s takes no \"%s\"; it goes with %s"
              .formatted(
                  said,
                  field,
                  Arrays.stream(LlmFailure.values())
                      .filter(takes)
                      .map(LlmFailure::word)
                      .collect(Collectors.joining(", "))));
    }
  }

  private static void factor(FaultYaml yaml, String field) {
    if (yaml.text("failure", "").equals(LlmFailure.SLOW_DECODE.word())
        && yaml.number(field, 2) == 1) {
      yaml.refuse(field, "a factor of 1 is as fast as before: at least 2");
    }
  }

  @Override
  public Set<Trait> traits() {
    return EnumSet.of(Trait.OF_PODS, Trait.BY_POD);
  }

  @Override
  public List<String> words() {
    List<String> words = new ArrayList<>();
    words.add(failure.word());
    if (failure.takesFactor()) {
      words.add(factor + " times as long");
    }
    if (failure.takesAfterTokens()) {
      words.add("after " + afterTokens + " tokens");
    }
    words.add("token of Secret " + tokenSecret + (port == null ? "" : ", port " + port));
    return List.copyOf(words);
  }
}
