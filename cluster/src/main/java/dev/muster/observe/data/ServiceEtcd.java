package dev.muster.observe.data;

import dev.muster.observe.ObservationException;
import dev.muster.observe.ask.Replica;
import dev.muster.observe.ask.Replicas;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The service's own etcd by its JSON gateway, which etcd 3.4 and later have at {@code /v3}: member
 * by member, or any of them where all say the same.
 */
public final class ServiceEtcd {
  /** What the reference service keeps, and where: a worker's registration and a usage record. */
  static final String WORKERS = "/deepseek/workers/";

  static final String USAGE = "/deepseek/usage/";

  private static final String RANGE = "/v3/kv/range";
  private static final List<String> FIELDS =
      List.of("key", "value", "create_revision", "mod_revision", "version", "lease");
  private static final int PAGE = 1_000;
  private static final JsonMapper MAPPER = new JsonMapper();

  private final Replicas members;
  private final int page;
  private volatile String answered = "";

  /** One member's account of itself; {@code why} it gave none, else null. */
  public record Status(
      Replica member,
      String id,
      String leader,
      long term,
      long revision,
      long applied,
      @Nullable String why) {}

  /**
   * @param writes since the key was made
   */
  record Entry(String key, String value, long writes) {}

  /** What a prefix held at a revision. */
  record Range(long revision, List<Entry> entries) {}

  /**
   * @param hash null where {@code why} tells that there is none
   */
  record Hash(@Nullable String hash, long keys, @Nullable String why) {}

  public ServiceEtcd(Replicas members) {
    this(members, PAGE);
  }

  /**
   * @param page keys of one answer
   */
  ServiceEtcd(Replicas members, int page) {
    this.members = members;
    this.page = page;
  }

  /** Asks all members at once. */
  public List<Status> statuses() {
    return atOnce(members.now(), ServiceEtcd::status);
  }

  private static Status status(Replica member) {
    try {
      var told = member.api().post("/v3/maintenance/status", MAPPER.createObjectNode());
      var leader = told.path("leader").asString("");
      return new Status(
          member,
          told.at("/header/member_id").asString(""),
          leader.equals("0") ? "" : leader,
          told.path("raftTerm").asLong(0),
          told.at("/header/revision").asLong(0),
          told.path("raftAppliedIndex").asLong(0),
          null);
    } catch (ObservationException e) {
      return new Status(member, "", "", 0, 0, 0, String.valueOf(e.getMessage()));
    }
  }

  /**
   * What one member alone holds at a revision: every key with its value, revisions and lease. Read
   * and digested here because etcd 3.4's gateway knows no hash of a revision: HashKV has the path
   * of Hash there, and Hash answers.
   */
  Hash hash(Replica member, long revision) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      long keys = 0;
      var from = new byte[1];
      while (true) {
        var asked =
            MAPPER
                .createObjectNode()
                .put("key", base64(from))
                .put("range_end", base64(new byte[1])) // all that follow
                .put("limit", Integer.toString(page))
                .put("revision", Long.toString(revision))
                .put("serializable", true);
        var told = member.api().post(RANGE, asked);
        for (var kv : told.path("kvs")) {
          keys++;
          FIELDS.forEach(field -> digest.update(bytes(kv.path(field).asString("") + "\n")));
          from = Base64.getDecoder().decode(kv.path("key").asString(""));
        }
        if (!told.path("more").asBoolean(false)) {
          return new Hash(HexFormat.of().formatHex(digest.digest(), 0, 8), keys, null);
        }
        from = next(from);
      }
    } catch (ObservationException e) {
      return new Hash(null, 0, String.valueOf(e.getMessage()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The revision of now. */
  long revision() {
    return range(USAGE, asked -> asked.put("count_only", true)).at("/header/revision").asLong(0);
  }

  /** How many keys there are. */
  long count(String prefix) {
    return range(prefix, asked -> asked.put("count_only", true)).path("count").asLong(0);
  }

  /**
   * All keys of a prefix that were made after a revision, page by page, of one and the same
   * revision.
   *
   * @param newerThan 0 for all
   */
  Range list(String prefix, long newerThan) {
    var entries = new ArrayList<Entry>();
    var from = bytes(prefix);
    long revision = 0;
    while (true) {
      var asked =
          MAPPER
              .createObjectNode()
              .put("key", base64(from))
              .put("range_end", base64(end(prefix)))
              .put("limit", Integer.toString(page))
              .put("revision", Long.toString(revision));
      var told = anyone(asked);
      revision = revision == 0 ? told.at("/header/revision").asLong(0) : revision;
      for (var kv : told.path("kvs")) {
        from = Base64.getDecoder().decode(kv.path("key").asString(""));
        if (kv.path("create_revision").asLong(0) > newerThan) {
          entries.add(
              new Entry(
                  new String(from, StandardCharsets.UTF_8),
                  new String(
                      Base64.getDecoder().decode(kv.path("value").asString("")),
                      StandardCharsets.UTF_8),
                  kv.path("version").asLong(1)));
        }
      }
      if (!told.path("more").asBoolean(false)) {
        return new Range(revision, List.copyOf(entries));
      }
      from = next(from);
    }
  }

  private JsonNode range(String prefix, Consumer<ObjectNode> more) {
    var asked =
        MAPPER
            .createObjectNode()
            .put("key", base64(bytes(prefix)))
            .put("range_end", base64(end(prefix)));
    more.accept(asked);
    return anyone(asked);
  }

  /** A range is answered by the quorum, whoever is asked: first the one that answered last. */
  private JsonNode anyone(JsonNode asked) {
    var reasons = new ArrayList<String>();
    var order =
        members.now().stream()
            .sorted(Comparator.comparing((Replica member) -> !member.pod().equals(answered)))
            .toList();
    for (var member : order) {
      try {
        var answer = member.api().post(RANGE, asked);
        answered = member.pod();
        return answer;
      } catch (ObservationException e) {
        reasons.add(String.valueOf(e.getMessage()));
      }
    }
    throw new ObservationException(String.join("; ", reasons));
  }

  /** A value as JSON; an empty object where it is none. */
  static JsonNode json(String value) {
    try {
      return MAPPER.readTree(value);
    } catch (JacksonException e) {
      return MAPPER.createObjectNode();
    }
  }

  /** In the order of those asked. */
  static <T> List<T> atOnce(List<Replica> replicas, Function<Replica, T> ask) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> answers =
          replicas.stream()
              .map(replica -> threads.submit((Callable<T>) () -> ask.apply(replica)))
              .toList();
      var all = new ArrayList<T>();
      for (var answer : answers) {
        all.add(answer.get());
      }
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObservationException("interrupted");
    } catch (ExecutionException e) {
      throw new ObservationException(String.valueOf(e.getCause()));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The next key that there can be. */
  private static byte[] next(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  private static byte[] end(String prefix) {
    var end = bytes(prefix);
    end[end.length - 1]++;
    return end;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
