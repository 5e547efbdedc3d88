package dev.muster.deepseek.group;

import dev.muster.deepseek.wire.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The side of rank 0: followers come to it, take part in its steps, and where one is lost all of
 * them are sent away, for what they hold of the model's state is of no use any more.
 */
public final class Leader implements Group {
  private static final Pattern JOIN = Pattern.compile(Link.JOIN + " (\\d{1,4}) (\\d{1,4})");

  private final GroupConfig config;
  private final Listener listener;
  private final LongSupplier nanos;
  private final Log log;
  private final ServerSocket server;

  // Guarded by this
  private final Map<Integer, Rank> ranks = new TreeMap<>();
  private long step;
  private long begun;
  private boolean whole;
  private boolean parting; // its listener is being told
  private boolean closed;

  private Leader(
      GroupConfig config, ServerSocket server, Listener listener, LongSupplier nanos, Log log) {
    this.config = config;
    this.server = server;
    this.listener = listener;
    this.nanos = nanos;
    this.log = log;
  }

  /**
   * Listens at once.
   *
   * @param nanos a clock that only rises, in nanoseconds
   */
  public static Leader start(
      GroupConfig config, String host, Listener listener, LongSupplier nanos, Log log) {
    try {
      var server = new ServerSocket();
      server.setReuseAddress(true); // one that was killed is back before its connections are gone
      server.bind(new InetSocketAddress(host, config.port()));
      var leader = new Leader(config, server, listener, nanos, log);
      Thread.ofPlatform().daemon().name("group-accept").start(leader::accept);
      Thread.ofPlatform().daemon().name("group-beat").start(leader::beat);
      return leader;
    } catch (IOException e) {
      throw new UncheckedIOException("no followers can come to port " + config.port(), e);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  @Override
  public int size() {
    return config.size();
  }

  @Override
  public synchronized List<Integer> missing() {
    return IntStream.range(1, config.size()).filter(r -> !ranks.containsKey(r)).boxed().toList();
  }

  @Override
  public synchronized void form() throws InterruptedException {
    while (!closed && (parting || !missing().isEmpty())) {
      wait();
    }
    if (closed) {
      return;
    }
    whole = true;
    log.info("all ranks are there", "group_size", config.size());
    for (var rank : List.copyOf(ranks.values())) {
      try {
        rank.link().write(Link.WHOLE);
      } catch (IOException e) {
        rank.link().close(); // whoever reads from it finds out
      }
    }
  }

  @Override
  public synchronized void begin() {
    step++;
    begun = nanos.getAsLong();
    for (var rank : ranks.values()) {
      try {
        rank.begin(step, begun);
      } catch (IOException e) {
        rank.link().close(); // whoever reads from it finds out
      }
    }
  }

  @Override
  public synchronized boolean end() throws InterruptedException {
    var last = step;
    while (whole) {
      if (!parting && ranks.values().stream().allMatch(r -> r.has(last))) {
        return true;
      }
      wait();
    }
    return false;
  }

  @Override
  public void dissolve(String why) {
    List<Rank> left;
    synchronized (this) {
      if (!whole || parting) {
        return;
      }
      parting = true;
      left = new ArrayList<>(ranks.values());
      ranks.clear();
    }
    log.error("the group is lost", "reason", why);
    listener.lost(why);
    left.forEach(rank -> rank.link().close());
    synchronized (this) {
      whole = false;
      parting = false;
      notifyAll();
    }
  }

  @Override
  public void close() {
    List<Rank> left;
    synchronized (this) {
      closed = true;
      whole = false;
      left = new ArrayList<>(ranks.values());
      ranks.clear();
      notifyAll();
    }
    try {
      server.close();
    } catch (IOException e) {
      // nobody comes any more either way
    }
    left.forEach(rank -> rank.link().close());
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        Thread.ofVirtual().start(() -> follow(socket));
      } catch (IOException e) {
        if (!server.isClosed()) {
          log.warn("a follower could not come", "reason", String.valueOf(e));
        }
      }
    }
  }

  /** One follower's whole life here. */
  private void follow(Socket socket) {
    Rank rank;
    try {
      var link = new Link(socket);
      link.silence(config.timeout());
      rank = new Rank(number(link.read()), link);
      link.silence(Duration.ZERO); // who is silent is found by the beat
    } catch (IOException e) {
      log.warn("a follower was refused", "reason", String.valueOf(e));
      close(socket);
      return;
    }
    try {
      seat(rank);
      while (true) {
        hear(rank, rank.link().read());
      }
    } catch (IOException e) {
      gone(rank, String.valueOf(e.getMessage()));
    }
  }

  private int number(String join) throws IOException {
    var matcher = JOIN.matcher(join);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) != config.size()) {
      throw new IOException(
          "expected `%s RANK %d`, got `%s`".formatted(Link.JOIN, config.size(), join));
    }
    var rank = Integer.parseInt(matcher.group(1));
    if (rank < 1 || rank >= config.size()) {
      throw new IOException("no rank of a follower: " + join);
    }
    return rank;
  }

  /** One that comes again is the end of the one before, whose connection may tell nothing of it. */
  private void seat(Rank rank) throws IOException {
    boolean again;
    synchronized (this) {
      again = ranks.containsKey(rank.number());
    }
    if (again) {
      dissolve("rank %d came again".formatted(rank.number()));
    }
    synchronized (this) {
      if (closed) {
        throw new IOException("the leader ends");
      }
      var before = ranks.put(rank.number(), rank);
      if (before != null) {
        before.link().close();
      }
      notifyAll();
    }
    log.info("a rank joined", "rank", rank.number(), "missing", missing().size());
  }

  private void hear(Rank rank, String line) throws IOException {
    if (line.equals(Link.LEAVING)) {
      var why = "rank %d is about to end".formatted(rank.number());
      Thread.ofVirtual().start(() -> listener.leaving(why));
      return;
    }
    var done = Link.step(line);
    synchronized (this) {
      rank.done(done, nanos.getAsLong());
      notifyAll();
    }
  }

  private void gone(Rank rank, String why) {
    synchronized (this) {
      if (ranks.get(rank.number()) != rank) {
        rank.link().close(); // it was sent away
        return;
      }
      if (!whole) {
        rank.link().close();
        ranks.remove(rank.number());
        log.warn("a rank left before all were there", "rank", rank.number(), "reason", why);
        return;
      }
    }
    dissolve("rank %d is gone: %s".formatted(rank.number(), why));
  }

  /** Signs of life while there is nothing else to do, and an eye on who gives none. */
  private void beat() {
    try {
      while (!server.isClosed()) {
        Thread.sleep(config.beat());
        for (var rank : silent()) {
          gone(rank, "silent for more than " + config.timeout().toMillis() + " ms");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized List<Rank> silent() {
    var now = nanos.getAsLong();
    if (now - begun > config.beat().toNanos()) {
      begin();
    }
    return ranks.values().stream().filter(r -> r.silent(config.timeout().toNanos(), now)).toList();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // as gone as one that closes
    }
  }
}
