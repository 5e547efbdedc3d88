package dev.muster.hostile;

import dev.muster.hostile.Store.Change;
import dev.muster.hostile.Store.Place;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An API server in this process, on loopback and without TLS, that keeps the objects it is given
 * and misbehaves as it is told: by method and path, in its watches, or altogether.
 */
public final class HostileApi implements AutoCloseable {
  /** What it does instead of a good answer. Returning leaves the connection open. */
  @FunctionalInterface
  public interface Behaviour {
    void answer(Exchange to) throws IOException, InterruptedException;
  }

  private record Rule(Pattern asked, Behaviour behaviour) {}

  private static final JsonMapper JSON = new JsonMapper();
  private final Store store = new Store();
  private final GoodApi good = new GoodApi(store);
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Set<Socket> watches = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile CountDownLatch awake = new CountDownLatch(0);
  private volatile ServerSocket server;

  public HostileApi() throws IOException {
    server = listen(0);
  }

  private ServerSocket listen(int port) throws IOException {
    ServerSocket listening = new ServerSocket();
    listening.setReuseAddress(true);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    Thread.ofVirtual().name("hostile-api").start(() -> accept(listening));
    return listening;
  }

  public String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** A kubeconfig of it, without a user. */
  public Path kubeconfig(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        current-context: hostile
        contexts: [{name: hostile, context: {cluster: hostile}}]
        clusters: [{name: hostile, cluster: {server: "%s"}}]
        """
            .formatted(url()));
  }

  /** Adds or changes an object; watches are told. */
  public HostileApi put(HasMetadata object) {
    ObjectNode json = (ObjectNode) JSON.readTree(Serialization.asJson(object));
    store.put(place(object), json);
    return this;
  }

  public void remove(HasMetadata object) {
    store.remove(place(object));
  }

  private static Place place(HasMetadata object) {
    String version = object.getApiVersion();
    String namespace = object.getMetadata().getNamespace();
    return new Place(
        (version.contains("/") ? "/apis/" : "/api/") + version,
        namespace == null ? "" : namespace,
        object.getPlural(),
        object.getMetadata().getName());
  }

  /**
   * From now on what is asked like this is answered so.
   *
   * @param pattern of the method and the path, with {@code ?watch} behind it for a watch; the last
   *     rule that matches counts
   */
  public HostileApi when(String pattern, Behaviour behaviour) {
    rules.addFirst(new Rule(Pattern.compile(pattern), behaviour));
    return this;
  }

  /** Behaves well again. */
  public void well() {
    rules.clear();
  }

  /** An error in the words of an API server. */
  public static Behaviour fails(int code, String message, String... headers) {
    return to -> to.answer(code, GoodApi.status(code, message).toString(), headers);
  }

  /** Takes the request and never answers. */
  public Behaviour hangs() {
    return _ -> closed.await();
  }

  /** 200 and not a word: so answers what knows nothing of the upgrade, and what buffers streams. */
  public Behaviour neverSpeaks() {
    return to -> {
      to.begin();
      closed.await();
    };
  }

  /** The good answer, of which half comes before the connection is closed. */
  public Behaviour cutsInTheMiddle() {
    return to -> {
      to.half(good.answer(to).toString());
      to.socket().close();
    };
  }

  /** The good answer, of which half comes, and then nothing. */
  public Behaviour stallsInTheMiddle() {
    return to -> {
      to.half(good.answer(to).toString());
      closed.await();
    };
  }

  /** Method and path, with {@code ?watch} where that was asked, in the order of arrival. */
  public List<String> asked() {
    return asked;
  }

  /** Cuts all watches as a process that ends does. */
  public void cutWatches() throws IOException {
    for (Socket each : watches) {
      each.close();
    }
  }

  /** Compacted: who goes on from an older version is told 410. */
  public void forget() {
    store.forget();
  }

  /** Nobody listens any more, and whoever was connected is cut off. */
  public void down() throws IOException {
    server.close();
    for (Socket each : sockets) {
      each.close();
    }
  }

  /** Listens again, on the same port. */
  public void up() throws IOException {
    server = listen(server.getLocalPort());
  }

  /** Connections stay and nothing comes through them, as if the process were stopped. */
  public void freeze() {
    awake = new CountDownLatch(1);
  }

  public void thaw() {
    awake.countDown();
  }

  private void accept(ServerSocket listening) {
    while (true) {
      try {
        Socket socket = listening.accept();
        sockets.add(socket);
        Thread.ofVirtual().name("hostile-connection").start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      for (Exchange to = Exchange.read(socket, in); to != null; to = Exchange.read(socket, in)) {
        answer(to);
      }
    } catch (IOException e) {
      // the other side has left, or it was cut
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(socket);
      watches.remove(socket);
    }
  }

  private void answer(Exchange to) throws IOException, InterruptedException {
    awake.await();
    String words = to.method() + " " + to.path() + (to.watches() ? "?watch" : "");
    asked.add(words);
    for (Rule rule : rules) {
      if (rule.asked().matcher(words).matches()) {
        rule.behaviour().answer(to);
        return;
      }
    }
    Place place = GoodApi.place(to.path());
    if (to.watches() && place != null) {
      watch(to, place);
      return;
    }
    ObjectNode answer = good.answer(to);
    boolean status = answer.path("kind").asString("").equals("Status");
    to.answer(status ? answer.path("code").asInt() : 200, answer.toString());
  }

  /** Until its time is over, as an API server does it, with a bookmark before the end. */
  private void watch(Exchange to, Place asked) throws IOException, InterruptedException {
    Place place = named(asked, to.query().get("fieldSelector"));
    long since = store.version();
    String from = to.query().get("resourceVersion");
    watches.add(to.socket());
    to.begin();
    if (from == null) {
      for (ObjectNode object : store.list(place)) {
        to.chunk(event("ADDED", object));
      }
    } else {
      since = Long.parseLong(from);
    }
    long end =
        System.nanoTime()
            + 1_000_000_000L * Integer.parseInt(to.query().getOrDefault("timeoutSeconds", "1800"));
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      if (store.forgot(since)) {
        to.chunk(event("ERROR", GoodApi.status(410, "too old resource version: " + since)));
        to.end();
        return;
      }
      List<Change> changes = store.after(since, place, left / 1_000_000 + 1);
      awake.await();
      for (Change change : changes) {
        to.chunk(event(change.type(), change.object()));
        since = change.version();
      }
    }
    long seen = store.version();
    for (Change change : store.after(since, place, 0)) {
      to.chunk(event(change.type(), change.object()));
    }
    if (to.query().containsKey("allowWatchBookmarks")) {
      ObjectNode mark = JSON.createObjectNode();
      mark.withObject("/metadata").put("resourceVersion", Long.toString(seen));
      to.chunk(event("BOOKMARK", mark));
    }
    to.end();
    watches.remove(to.socket());
  }

  private static Place named(Place place, @Nullable String field) {
    return field == null || !field.startsWith("metadata.name=")
        ? place
        : new Place(place.group(), place.namespace(), place.plural(), field.substring(14));
  }

  private static String event(String type, ObjectNode object) {
    return JSON.valueToTree(Map.of("type", type, "object", object)) + "\n";
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    awake.countDown();
    down();
  }
}
