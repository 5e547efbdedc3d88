package dev.muster.load;

import static dev.muster.load.HostileServer.STREAM_HEAD;
import static dev.muster.load.HostileServer.prompt;
import static dev.muster.load.HostileServer.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.LoadRequest;
import dev.muster.load.answer.Tokens;
import dev.muster.load.api.HttpChatClient;
import dev.muster.load.http.Loop;
import dev.muster.load.prompt.Prompts;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that ask for the rest of a stream that broke off. */
@Timeout(30)
class ReconnectingTest {
  private static final Loop LOOP = new Loop("reconnecting");
  private static final int TOKENS = 20;
  private static final Pattern LAST = Pattern.compile("last-event-id: (\\d+)");

  /** The tokens announce that they are numbered. */
  private static final String HEAD =
      STREAM_HEAD.replace("connection", "x-muster-tokens: chain\r\nconnection");

  private Duration timeout = Duration.ofSeconds(10);
  private LoadRequest request = LoadRequest.USUAL;
  private final Queue<String> heads = new ConcurrentLinkedQueue<>();

  /** What a server does with the n-th connection; gets the events that are asked for. */
  private interface Act {
    void on(Socket socket, List<String> events) throws IOException;
  }

  private static List<String> events(String prompt) {
    return Pattern.compile("(?<=\n\n)").splitAsStream(Tokens.stream(prompt, TOKENS)).toList();
  }

  private Request ask(int reconnects, Act... acts) throws IOException {
    try (var server =
        new HostileServer((head, body, socket) -> {
          int number = heads.size();
          heads.add(head);
          var all = events(prompt(body));
          var last = LAST.matcher(head);
          int begin = last.find() ? Integer.parseInt(last.group(1)) : 0;
          var numbered =
              IntStream.range(0, all.size())
                  .mapToObj(i -> "id: " + (i + 1) + "\n" + all.get(i))
                  .toList();
          acts[Math.min(number, acts.length - 1)].on(
              socket, numbered.subList(begin, numbered.size()));
        })) {
      var spec =
          new HttpChatClient.Spec(
              server.uri(),
              () -> null,
              true,
              Prompts.once(20, TOKENS),
              null,
              timeout,
              "m",
              request,
              Map.of(),
              "k",
              reconnects);
      var row = new CompletableFuture<Request>();
      var clock = Clock.systemUTC();
      new HttpChatClient(spec, LOOP, clock).send("r-1", clock.instant(), row::complete);
      return row.join();
    }
  }

  private static final Act BUSY =
      (socket, _) -> HostileServer.answer(socket, 503, "{\"error\":{\"message\":\"later\"}}");

  private static Act some(int many) {
    return (socket, events) -> {
      send(socket, HEAD);
      for (int i = 0; i < Math.min(many, events.size()); i++) {
        send(socket, events.get(i));
      }
    };
  }

  /** And the beginning of an event that does not end. */
  private static Act someAndAHalf(int many) {
    return (socket, events) -> {
      some(many).on(socket, events);
      send(socket, events.get(many).substring(0, events.get(many).length() / 2));
    };
  }

  @Test
  void theRestIsAskedForAndMakesOneAnswer() throws IOException {
    for (int many : new int[] {2, 7, TOKENS + 1, TOKENS + 2}) {
      heads.clear();
      var row = ask(3, some(many), some(100));
      assertThat(row.outcome()).as("after %d: %s", many, row.detail()).isEqualTo(Outcome.COMPLETE);
      assertThat(row.tokens()).isEqualTo(TOKENS);
      assertThat(row.checked()).isTrue();
      assertThat(row.resumes()).isEqualTo(1);
      assertThat(heads).hasSize(2).last().asString().contains("last-event-id: " + many + "\r\n");
    }
  }

  /** A server that shuts down says that the rest is to be had elsewhere. */
  @Test
  void whatIsHandedOverIsAskedForElsewhere() throws IOException {
    Act draining =
        (socket, events) -> {
          some(5).on(socket, events);
          send(socket, "data: {\"error\":{\"message\":\"shuts down\",\"code\":\"draining\"}}\n\n");
        };
    var row = ask(1, draining, some(100));
    assertThat(row.outcome()).as(row.detail()).isEqualTo(Outcome.COMPLETE);
    assertThat(row.resumes()).isEqualTo(1);
    var lost = ask(0, draining);
    assertThat(lost.outcome()).isEqualTo(Outcome.IN_BAND_ERROR);
    assertThat(lost.detail()).contains("shuts down");
  }

  /** Signs of life are no part of an answer. */
  @Test
  void whatHasNotBegunIsAskedForAnew() throws IOException {
    Act waiting = (socket, _) -> send(socket, HEAD + ": keep-alive\n\n");
    var row = ask(1, waiting, some(100));
    assertThat(row.outcome()).as(row.detail()).isEqualTo(Outcome.COMPLETE);
    assertThat(row.resumes()).isEqualTo(1);
    assertThat(heads).hasSize(2).last().asString().doesNotContain("last-event-id");
  }

  /** Whoever loses its power does not say so. */
  @Test
  void aServerThatFallsSilentIsLeft() throws IOException {
    request = LoadRequest.USUAL.with(Duration.ofMillis(300));
    Act silent =
        (socket, events) -> {
          some(5).on(socket, events);
          socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        };
    var row = ask(1, silent, some(100));
    assertThat(row.outcome()).as(row.detail()).isEqualTo(Outcome.COMPLETE);
    assertThat(row.resumes()).isEqualTo(1);
    var lost = ask(0, silent);
    assertThat(lost.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(lost.detail()).contains("nothing came for 0.3 s");
  }

  @Test
  void halfAnEventIsForgotten() throws IOException {
    var row = ask(3, someAndAHalf(5), some(100));
    assertThat(row.outcome()).as(row.detail()).isEqualTo(Outcome.COMPLETE);
  }

  @Test
  void itIsAskedForAsOftenAsItMayBe() throws IOException {
    var row = ask(3, some(5), BUSY, some(4), some(100));
    assertThat(row.outcome()).as(row.detail()).isEqualTo(Outcome.COMPLETE);
    assertThat(row.resumes()).isEqualTo(2);
    heads.clear();
    var lost = ask(2, some(5), BUSY);
    assertThat(lost.outcome()).isEqualTo(Outcome.TRUNCATED);
    assertThat(lost.detail()).contains("; when it asked for the rest: HTTP 503");
    assertThat(heads).hasSize(3);
  }

  @Test
  void aServerThatBeginsAnewIsFound() throws IOException {
    var row =
        ask(
            1,
            some(5),
            (socket, _) -> send(socket, HEAD + String.join("", events("another prompt"))));
    assertThat(row.outcome()).isNotEqualTo(Outcome.COMPLETE);
  }

  @Test
  void whatTheServerSaysOutsideOfEventsIsNoReasonToAskAgain() throws IOException {
    for (var end : List.of("", "\n")) {
      heads.clear();
      Act says =
          (socket, events) -> {
            some(5).on(socket, events);
            send(socket, "{\"error\":{\"message\":\"out of memory\"}}" + end);
          };
      var row = ask(3, says, some(100));
      assertThat(row.outcome()).as(row.detail()).isEqualTo(Outcome.IN_BAND_ERROR);
      assertThat(heads).hasSize(1);
    }
  }

  @Test
  void anIdThatNoHeaderCanHaveIsNone() throws IOException {
    Act odd =
        (socket, events) ->
            send(socket, HEAD + events.get(1).replaceFirst("id: 2", "id: \u56de\u7b54 7"));
    assertThat(ask(3, odd, some(100)).outcome()).isEqualTo(Outcome.TRUNCATED);
    assertThat(heads).hasSize(1);
  }

  @Test
  void theTimeoutIsOfAllTogether() throws IOException {
    timeout = Duration.ofSeconds(3);
    var begin = System.nanoTime();
    Act silent =
        (socket, _) -> socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    var row = ask(3, some(5), silent);
    assertThat(row.outcome()).as(row.detail()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(System.nanoTime() - begin).isBetween(2_500_000_000L, 5_000_000_000L);
    assertThat(heads).hasSize(2);
  }

  @Test
  void nobodyAsksWhoIsNotToldTo() throws IOException {
    assertThat(ask(0, some(5)).outcome()).isEqualTo(Outcome.TRUNCATED);
    assertThat(heads).hasSize(1);
    heads.clear();
    var bare =
        ask(3, (socket, events) -> send(socket, HEAD + events.get(1).replaceFirst("id: 2\n", "")));
    assertThat(bare.outcome()).isEqualTo(Outcome.TRUNCATED);
    assertThat(heads).hasSize(1);
  }
}
