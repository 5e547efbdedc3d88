package dev.muster.observe.watch;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.connect.Pages;
import dev.muster.cluster.connect.WatchStream;
import dev.muster.observe.ObservationTracker;
import dev.muster.timeline.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.http.HttpTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The objects of one kind: listed, then watched until closed. A watch lasts a few seconds and is
 * renewed, so that one that is silent is told from one that is dead; what breaks is mended from
 * where it was, or by another list where the server does not know that any more. Safe for several
 * threads.
 */
final class ListWatch<T extends HasMetadata> implements AutoCloseable {
  /** Told of each change, and of what is there at first, by one thread at a time. */
  interface Told<T> {
    /**
     * @param within the change happened at most so long ago
     */
    void is(T object, boolean gone, Duration within);
  }

  /**
   * @param answer until an answer begins
   * @param turn how long one watch lasts, in whole seconds
   * @param grace what it may take longer
   * @param pause before something that failed is tried again
   */
  record Limits(Duration answer, Duration turn, Duration grace, Duration pause) {
    static final Limits USUAL =
        new Limits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(4),
            Duration.ofMillis(500));
  }

  private static final String DEAD = "the API server does not answer";
  private static final JsonMapper JSON = new JsonMapper();

  /** What goes on from where it was tells everything, only later, and says so itself. */
  private static final Duration BEARABLE = Duration.ofSeconds(2);

  private static final Duration LIST = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final KubernetesClient probe;
  private final Class<T> type;
  private final @Nullable String namespace;
  private final Limits limits;
  private final ObservationTracker tracker;
  private final Told<T> told;
  private final Map<String, T> objects = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable WatchStream open;
  private String version = "";

  /** What it said last could not be used: that it opens proves nothing then. */
  private boolean doubted;

  private String broke = ""; // empty until the first is open: a run has not begun before

  /**
   * @param client for lists
   * @param probe for watches: does not try again
   * @param namespace null: of all, or of none
   */
  ListWatch(
      KubernetesClient client,
      KubernetesClient probe,
      Class<T> type,
      @Nullable String namespace,
      Limits limits,
      InstantSource clock,
      Consumer<Event> timeline,
      Told<T> told) {
    this.client = client;
    this.probe = probe;
    this.type = type;
    this.namespace = namespace;
    this.limits = limits;
    this.told = told;
    tracker = new ObservationTracker("watch of " + type.getSimpleName(), clock, timeline);
  }

  /**
   * Lists for the first time.
   *
   * @throws ClusterException if that is not possible
   */
  void list() {
    try {
      again();
    } catch (KubernetesClientException e) {
      throw new ClusterException("the watches can not begin: " + ApiErrors.why(e));
    }
  }

  /**
   * Makes sure that a watch speaks: some proxies keep back what a stream says until it ends. Asks
   * for an object that is there, which a watch without a version tells at once.
   *
   * @throws ClusterException if it says nothing in time
   */
  void prove() {
    List<T> there = objects().stream().limit(2).toList();
    String problem = "";
    for (T object : there) { // the first may just be gone
      String name = object.getMetadata().getName();
      try (WatchStream stream =
          WatchStream.open(probe, path("&fieldSelector=metadata.name%3D" + name), limits.answer)) {
        if (stream.next(limits.answer) != null) {
          return;
        }
        problem = "it ended without a word";
      } catch (KubernetesClientException e) {
        problem = ApiErrors.why(e);
      } catch (IOException e) {
        problem = why(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClusterException("interrupted while the watches began");
      }
    }
    if (!problem.isEmpty()) {
      throw new ClusterException(
          "the API server at %s was asked to watch %s, and its answer can not be used: %s. Without watches nothing can be timed; if a proxy stands before it, let it pass streams on at once"
              .formatted(client.getMasterUrl(), type.getSimpleName(), problem));
    }
  }

  /** Watches from here on, in a thread of its own. */
  void follow() {
    Thread.ofVirtual().name("watch-" + type.getSimpleName()).start(this::untilClosed);
  }

  private void untilClosed() {
    while (!isClosed()) {
      try {
        if (version.isEmpty()) {
          again();
        }
        turn();
      } catch (KubernetesClientException e) {
        problem(e.getCode(), ApiErrors.why(e));
      } catch (IOException e) {
        problem(0, why(e));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** One watch, until its regular end or until it breaks. */
  private void turn() throws IOException, InterruptedException {
    String from = "&allowWatchBookmarks=true&resourceVersion=" + version;
    try (WatchStream stream = WatchStream.open(probe, path(from), limits.answer)) {
      open = stream;
      if (!broke.isEmpty()) {
        tracker.broke(broke, BEARABLE);
      }
      if (!doubted) {
        tracker.resumed();
      }
      broke = "its renewal took long";
      if (!read(stream)) {
        pause(); // of a server that ends each at once
      }
    } finally {
      open = null;
    }
  }

  /** Whether it said anything. */
  private boolean read(WatchStream stream) throws IOException, InterruptedException {
    boolean spoke = false;
    long opened = System.nanoTime();
    try {
      for (String line = line(stream); line != null; line = line(stream)) {
        event(line);
        doubted = false;
        tracker.current();
        spoke = true;
      }
    } catch (HttpTimeoutException e) {
      version = ""; // whoever keeps back what it says would do so again
      throw e;
    } catch (KubernetesClientException e) {
      doubted = e.getCode() != HttpURLConnection.HTTP_GONE;
      throw e;
    } catch (AsynchronousCloseException e) {
      throw new IOException(DEAD, e);
    } catch (IOException e) {
      broke = why(e); // all that was sent before has come: so TCP promises
    }
    if (doubted && System.nanoTime() - opened < limits.turn.toNanos() / 2) {
      return spoke; // it ended at once, as what speaks for the server may do
    }
    doubted = false;
    tracker.current();
    return spoke;
  }

  private @Nullable String line(WatchStream stream) throws IOException, InterruptedException {
    return stream.next(limits.turn.plus(limits.grace));
  }

  private void problem(int code, String why) {
    if (isClosed()) {
      return;
    }
    if (code == HttpURLConnection.HTTP_GONE) {
      version = ""; // what happened since is known by another list only
      tracker.broke(why, ObservationTracker.USUAL);
      return;
    }
    tracker.lost(why);
    pause();
  }

  private void event(String line) {
    try {
      JsonNode event = JSON.readTree(line);
      JsonNode object = event.path("object");
      String kind = event.path("type").asString("");
      if (kind.equals("ERROR")) {
        throw new KubernetesClientException(
            object.path("message").asString(line), object.path("code").asInt(0), null);
      }
      version = object.path("metadata").path("resourceVersion").asString(version);
      if (!kind.equals("BOOKMARK")) {
        change(
            client.getKubernetesSerialization().unmarshal(object.toString(), type),
            kind.equals("DELETED"));
      }
    } catch (JacksonException e) {
      throw new KubernetesClientException(
          "a line of a watch is no JSON: " + e.getOriginalMessage());
    }
  }

  private void change(T object, boolean gone) {
    if (gone) {
      objects.remove(key(object));
    } else {
      objects.put(key(object), object);
    }
    told.is(object, gone, tracker.uncertainty());
  }

  /** Lists, and tells what is new, changed and gone. */
  private void again() {
    var all = client.resources(type);
    Pages.Listed<T> listed =
        Pages.listed(namespace == null ? all : all.inNamespace(namespace), LIST);
    Map<String, T> now =
        listed.items().stream().collect(Collectors.toMap(ListWatch::key, o -> o, (a, _) -> a));
    List.copyOf(objects.values()).stream()
        .filter(o -> !isThere(o, now.get(key(o))))
        .forEach(o -> change(o, true));
    now.forEach((key, object) -> {
      if (!same(objects.get(key), object)) {
        change(object, false);
      }
    });
    version = listed.version();
  }

  /** One of the same name may have taken its place. */
  private static boolean isThere(HasMetadata known, @Nullable HasMetadata now) {
    return now != null && Objects.equals(known.getMetadata().getUid(), now.getMetadata().getUid());
  }

  private static <T extends HasMetadata> boolean same(@Nullable T known, T object) {
    return known != null
        && String.valueOf(known.getMetadata().getResourceVersion())
            .equals(object.getMetadata().getResourceVersion());
  }

  private static String key(HasMetadata object) {
    return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
  }

  private String path(String query) {
    String api = HasMetadata.getApiVersion(type);
    return (api.contains("/") ? "/apis/" : "/api/")
        + api
        + (namespace == null ? "" : "/namespaces/" + namespace)
        + "/"
        + HasMetadata.getPlural(type)
        + "?watch=true&timeoutSeconds="
        + limits.turn.toSeconds()
        + query;
  }

  private static String why(IOException e) {
    return e instanceof HttpTimeoutException ? String.valueOf(e.getMessage()) : ApiErrors.cause(e);
  }

  /** As they were told last. */
  Collection<T> objects() {
    return objects.values();
  }

  /** What is open may be dead, and told nothing since then: begins anew. */
  void cut(Instant alive) {
    tracker.current(alive);
    tracker.lost(DEAD);
    cut();
  }

  private void cut() {
    WatchStream stream = open;
    if (stream != null) {
      stream.close();
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void pause() {
    try {
      var _ = closed.await(limits.pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    cut();
  }
}
