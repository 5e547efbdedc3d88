package dev.muster.load.pod;

import dev.muster.load.strain.Punctuality;
import dev.muster.timeline.Request;
import dev.muster.timeline.file.SeriesFile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What has come home of one pod of a load: its rows, once each, in their order and on the engine's
 * clock. Whatever does not fit together ends it as lost, in words; what came before stays. Safe for
 * use by several threads.
 */
public final class PodFeed {
  private final int part;
  private final BiConsumer<Request, Duration> rows;
  private final PodClock clock = new PodClock();
  private @Nullable String instance;
  private PodReply.@Nullable End end;
  private @Nullable String lost;
  private boolean started;
  private long wanted;
  private long scheduled;
  private Duration uncertainty = Duration.ZERO;

  /**
   * @param part of the schedule, from 0
   * @param rows gets each, and by how much its times may be off, either way
   */
  public PodFeed(int part, BiConsumer<Request, Duration> rows) {
    this.part = part;
    this.rows = rows;
  }

  /**
   * @param sent when the pod was asked, on the engine's clock, like {@code came}
   */
  public synchronized void take(PodReply reply, Instant sent, Instant came) {
    if (over()) {
      return;
    }
    if (reply.part() != part) {
      lost("it has part " + reply.part() + " of the schedule, not " + part);
      return;
    }
    if (instance != null && !instance.equals(reply.instance())) {
      lost("it was started anew, and has forgotten what it sent");
      return;
    }
    instance = reply.instance();
    started |= reply.started();
    clock.exchange(sent, reply.received(), reply.answered(), came);
    scheduled = Math.max(scheduled, reply.scheduled());
    if (reply.first() > wanted) {
      lost(reply.first() - wanted + " of its rows were dropped before they were fetched");
      return;
    }
    rows(reply, came);
    var ended = reply.end();
    if (ended != null && !started) {
      lost("it was never told to begin");
    } else if (ended != null && ended.failure() != null) {
      lost("its rows are not all there: " + ended.failure());
    } else if (ended != null && wanted > ended.rows()) {
      lost(wanted + " rows came of " + ended.rows());
    } else if (ended != null && ended.rows() < reply.scheduled()) {
      lost(
          "it has "
              + ended.rows()
              + " rows of "
              + reply.scheduled()
              + " requests that were scheduled");
    } else if (ended != null && wanted == ended.rows()) {
      end = ended;
    }
  }

  private void rows(PodReply reply, Instant came) {
    var offset = clock.at(came);
    var off = longer(offset.uncertainty(), clock.stepped());
    long number = reply.first();
    for (var row : reply.rows()) {
      if (number++ == wanted) {
        rows.accept(row.onClock(offset.ahead()), off);
        wanted++;
      }
    }
    if (!reply.rows().isEmpty()) {
      uncertainty = longer(uncertainty, off);
    }
  }

  /** Nothing more is expected of it. */
  public synchronized void lost(String why) {
    if (!over()) {
      lost = why;
    }
  }

  /** Why it was lost; null where it was not. */
  public synchronized @Nullable String why() {
    return lost;
  }

  /** Whether it is lost, or has ended with all its rows home. */
  public synchronized boolean over() {
    return lost != null || end != null;
  }

  /** Whether all its rows are home, and it says that they are all. */
  public synchronized boolean whole() {
    return end != null;
  }

  /** Whether it has answered and its clock is known so well. */
  public synchronized boolean ready(Duration within, Instant now) {
    return clock.known() && clock.at(now).uncertainty().compareTo(within) <= 0;
  }

  /** Whether it knows when to begin. */
  public synchronized boolean started() {
    return started;
  }

  /** Number of the first row that is not home, from 0: so many are. */
  public synchronized long wanted() {
    return wanted;
  }

  /** Requests that it knew to be due, when it was heard last. */
  public synchronized long scheduled() {
    return scheduled;
  }

  /** A moment of the engine's clock on the pod's, as well as that is known now. */
  public synchronized Instant onPod(Instant at, Instant now) {
    return at.minus(clock.at(now).ahead());
  }

  /** How far the engine's clock is ahead of the pod's, as it is known now. */
  public synchronized Duration ahead(Instant now) {
    return clock.known() ? clock.at(now).ahead() : Duration.ZERO;
  }

  /** By so much the times of its rows may be off, either way, at the worst. */
  public synchronized Duration uncertainty() {
    return uncertainty;
  }

  /** When its canary was late, on the engine's clock; empty unless it is {@link #whole}. */
  public synchronized List<Punctuality.Late> late(Instant now) {
    var ended = end;
    if (ended == null) {
      return List.of();
    }
    var ahead = clock.at(now).ahead();
    return ended.late().stream()
        .map(l -> new Punctuality.Late(l.from().plus(ahead), l.to().plus(ahead), l.lag()))
        .toList();
  }

  /** Lags of its canary, as text; empty unless it is {@link #whole}. */
  public synchronized Optional<String> lags() {
    return Optional.ofNullable(end).map(PodReply.End::lags);
  }

  /** Of its canary, in milliseconds, by the engine's seconds; empty unless it is {@link #whole}. */
  public synchronized List<SeriesFile.Point> lagBySecond(Instant now) {
    var ended = end;
    if (ended == null) {
      return List.of();
    }
    double ahead = clock.at(now).ahead().toNanos() / 1e9;
    return ended.lagBySecond().stream()
        .map(p -> new SeriesFile.Point(Math.floor(p.second() + ahead), p.value()))
        .toList();
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
