package dev.muster.load.prompt;

import dev.muster.drill.PromptSource;
import dev.muster.drill.PromptSource.Conversation;
import dev.muster.drill.PromptSource.Size;
import dev.muster.load.LoadGenerator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Draws what the load asks, one question after another: the same ones for the same sources and seed
 * but for the ids of requests, whatever becomes of earlier ones. Safe for use by several threads.
 */
public final class Prompts {
  /** Draws from one source. */
  private interface Source {
    Question next(String id);
  }

  private final List<PromptSource> asked;
  private final List<Source> sources;
  private final SplittableRandom random;
  private final long weights;

  /** Whether a question is made of its request's id alone. */
  private final boolean ofItsId;

  /** What was asked lately: whoever asks again does so within minutes. */
  private final Map<String, Question> drawn =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Question> eldest) {
          return size() > LoadGenerator.MAX_IN_FLIGHT;
        }
      };

  /**
   * Files are read here, and kept.
   *
   * @param asked at least one
   * @throws IllegalArgumentException if a file cannot be read, or a line of it is no prompt; its
   *     message names both
   */
  public Prompts(List<PromptSource> asked, long seed) {
    this.asked = List.copyOf(asked);
    random = new SplittableRandom(seed);
    weights = asked.stream().mapToLong(PromptSource::weight).sum();
    ofItsId =
        asked.size() == 1 && !asked.getFirst().repeats() && asked.getFirst().conversation() == null;
    sources = asked.stream().map(source -> source(source, random.split())).toList();
  }

  /** Prompts of one size, each asked once. */
  public static Prompts once(int tokens, int answerTokens) {
    return new Prompts(List.of(PromptSource.once(tokens, answerTokens)), 1);
  }

  /**
   * What a request asks: the next question, or, where the same id has asked before, what it asked.
   *
   * @param id of the request, unique in a run; part of a prompt that is asked once, so that no
   *     cache answers it and no two answers are alike
   */
  public synchronized Question of(String id) {
    var known = drawn.get(id);
    var question = known != null ? known : next(id);
    if (!ofItsId) {
      drawn.put(id, question);
    }
    return question;
  }

  /** Whether questions differ in nothing but the ids of their requests. */
  public boolean alike() {
    var first = asked.getFirst();
    return ofItsId && first.tokens().fixed() && first.answerTokens().fixed();
  }

  private Question next(String id) {
    if (sources.size() == 1) {
      return sources.getFirst().next(id);
    }
    long share = random.nextLong(weights);
    for (int i = 0; ; i++) {
      share -= asked.get(i).weight();
      if (share < 0) {
        return sources.get(i).next(id);
      }
    }
  }

  private static Source source(PromptSource source, SplittableRandom random) {
    if (source.file() != null) {
      return new Kept(PromptFile.read(source.file()), source.answerTokens(), random);
    }
    return source.conversation() != null
        ? new Talks(source, source.conversation(), random.nextLong())
        : source.distinct() != null
            ? new Few(source, source.distinct(), random)
            : once(source, random.nextLong());
  }

  private static Source once(PromptSource source, long seed) {
    return id -> {
      var chance = chance(seed, id.hashCode(), 0);
      int tokens = of(source.tokens(), chance);
      int answer = of(source.answerTokens(), chance);
      return Question.of(() -> PromptText.of("Request " + id, tokens), answer, false);
    };
  }

  private static int of(Size size, SplittableRandom random) {
    return random.nextInt(size.least(), size.most() + 1);
  }

  /** Chance that is the same for the same numbers. */
  private static SplittableRandom chance(long seed, long a, long b) {
    return new SplittableRandom((seed * 31 + a) * 31 + b);
  }

  /** So many in an order by chance, all of them before any comes again. */
  private static final class Rounds {
    private final int[] order;
    private final SplittableRandom random;
    private int at;

    Rounds(int count, SplittableRandom random) {
      order = new int[count];
      this.random = random;
      for (int i = 0; i < count; i++) {
        order[i] = i;
      }
    }

    int next() {
      if (at == 0) {
        for (int i = order.length - 1; i > 0; i--) {
          int j = random.nextInt(i + 1);
          int moved = order[i];
          order[i] = order[j];
          order[j] = moved;
        }
      }
      int next = order[at];
      at = (at + 1) % order.length;
      return next;
    }
  }

  /** Of a file. The bound of an answer is the prompt's own, so that it is the same each time. */
  private static final class Kept implements Source {
    private final List<Question> all;
    private final Rounds rounds;

    Kept(List<PromptFile.Line> lines, Size answer, SplittableRandom random) {
      all =
          lines.stream()
              .map(line ->
                  new Question(
                      line::messages,
                      line.answerTokens() != null ? line.answerTokens() : of(answer, random),
                      true))
              .toList();
      rounds = new Rounds(all.size(), random);
    }

    @Override
    public Question next(String id) {
      return all.get(rounds.next());
    }
  }

  private static final class Few implements Source {
    private final List<Question> all;
    private final Rounds rounds;

    Few(PromptSource source, int count, SplittableRandom random) {
      all =
          java.util.stream.IntStream.rangeClosed(1, count)
              .mapToObj(n -> {
                var text = PromptText.of("Question " + n, of(source.tokens(), random));
                return Question.of(() -> text, of(source.answerTokens(), random), true);
              })
              .toList();
      rounds = new Rounds(count, random);
    }

    @Override
    public Question next(String id) {
      return all.get(rounds.next());
    }
  }

  /**
   * Each user has one conversation after another, and asks in turn. What the service answered is
   * not known when the next question is due, so the answers that a question carries are made up.
   */
  private static final class Talks implements Source {
    private final PromptSource source;
    private final Conversation talk;
    private final long seed;
    private @Nullable String first;
    private long asked;

    Talks(PromptSource source, Conversation talk, long seed) {
      this.source = source;
      this.talk = talk;
      this.seed = seed;
    }

    @Override
    public Question next(String id) {
      if (first == null) {
        first = id;
      }
      long user = asked % talk.users();
      // not all users are at the same turn
      long turns = asked++ / talk.users() + user;
      long number = turns / talk.turns() * talk.users() + user;
      var distinct = source.distinct();
      return distinct == null
          ? question(first + "/" + number, number, (int) (turns % talk.turns()))
          : question("" + (number % distinct + 1), number % distinct, (int) (turns % talk.turns()));
    }

    private Question question(String name, long number, int turn) {
      var messages = JsonMapper.shared().createArrayNode();
      if (talk.sharedTokens() > 0) {
        messages
            .addObject()
            .put("role", "system")
            .put("content", PromptText.of("You keep the harbour's log", talk.sharedTokens()));
      }
      int answer = 0;
      for (int i = 0; i <= turn; i++) {
        var chance = chance(seed, number, i);
        if (i > 0) {
          messages
              .addObject()
              .put("role", "assistant")
              .put("content", PromptText.of("It is logged", answer));
        }
        messages
            .addObject()
            .put("role", "user")
            .put(
                "content",
                PromptText.of(
                    "Conversation " + name + ", question " + (i + 1), of(source.tokens(), chance)));
        answer = of(source.answerTokens(), chance);
      }
      return new Question(() -> messages, answer, source.repeats());
    }
  }
}
