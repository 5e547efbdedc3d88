package dev.muster.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.Arrivals;
import dev.muster.drill.LoadRequest;
import dev.muster.drill.LoadRequest.Preset;
import dev.muster.load.api.HttpChatClient;
import dev.muster.load.http.Loop;
import dev.muster.load.schedule.Schedule;
import dev.muster.timeline.Request;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each request of a load meets another server: each gets its outcome and the server's words. */
@Timeout(60)
class BehavioursTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Duration LONG = Duration.ofSeconds(20);

  /** For who never answers; whatever is sent before that has long arrived. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  private static final Pattern NUMBER = Pattern.compile("POST /(\\d+)/");

  @Test
  void eachAloneAndInPairsIsToldAsItIs() throws Exception {
    var cases = Stream.concat(Behaviours.single().stream(), Behaviours.pairs().stream()).toList();
    assertThat(Behaviours.single()).hasSizeGreaterThanOrEqualTo(40);
    var rows = new ConcurrentLinkedQueue<Request>();
    var numbers = new ConcurrentHashMap<String, Integer>();
    var enough = new CountDownLatch(cases.size());
    LoadGenerator.Summary summary;
    var server = new HostileServer[1];
    try (var loop = new Loop("test-sockets");
        var hostile =
            new HostileServer((head, _, socket) -> {
              var number = NUMBER.matcher(head);
              assertThat(number.find()).isTrue();
              cases.get(Integer.parseInt(number.group(1))).answer(server[0], socket);
            })) {
      server[0] = hostile;
      var clients = clients(cases, hostile.uri(), loop);
      ChatClient each =
          (id, intended, ended) -> {
            int number = numbers.size() % cases.size(); // one thread sends
            numbers.put(id, number);
            enough.countDown();
            return clients.get(number).send(id, intended, ended);
          };
      var generator =
          new LoadGenerator(
              each, Schedule.of(Arrivals.constant(200), 1), CLOCK, _ -> false, rows::add, "b");
      generator.start();
      enough.await();
      summary = generator.stop(LONG);
    }
    assertThat(rows).hasSize(Math.toIntExact(summary.scheduled()));
    assertThat(rows.stream().map(Request::id)).doesNotHaveDuplicates();
    for (var row : rows) {
      var behaviour = cases.get(java.util.Objects.requireNonNull(numbers.get(row.id())));
      var detail = row.detail() == null ? "" : row.detail();
      assertThat(row.outcome())
          .as("%s: %s", behaviour.name(), detail)
          .isEqualTo(behaviour.outcome());
      assertThat(detail)
          .as(behaviour.name())
          .startsWith(behaviour.words())
          .contains(behaviour.more());
      assertThat(row.answered()).isEqualTo(detail.isEmpty());
    }
  }

  private static List<HttpChatClient> clients(
      List<Behaviours.Behaviour> cases, URI server, Loop loop) {
    return Stream.iterate(0, n -> n < cases.size(), n -> n + 1)
        .map(n -> {
          var stalls = cases.get(n).end() == Behaviours.End.STALL;
          var request =
              new LoadRequest(
                  Preset.VLLM, "/" + n + "/c", Map.of(), Map.of(), List.of(), LONG, null);
          var spec =
              new HttpChatClient.Spec(
                  server,
                  () -> null,
                  true,
                  5,
                  5,
                  stalls ? SHORT : LONG,
                  "m",
                  request,
                  Map.of(),
                  "k");
          return new HttpChatClient(spec, loop, CLOCK);
        })
        .toList();
  }
}
