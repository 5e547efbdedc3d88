package dev.muster.fault;

import dev.muster.wire.DeedSpec;
import dev.muster.wire.InjectionSpec;
import java.time.Duration;

/** A fault of which an agent says what the test has written down, in a {@link Scene}. */
abstract class AgentCarrierWorld {
  static final Duration DURATION = Duration.ofSeconds(60);
  static final Duration TTL = Duration.ofMinutes(3);

  final Scene scene = new Scene();
  final FakeAgent agent = new FakeAgent(scene);
  final Course fault = of(scene, agent, TTL);

  static Course of(Scene scene, FakeAgent agent, Duration ttl) {
    return Course.byAgent(
        scene.recorder,
        new InjectionSpec("r", "f", "0a", DURATION, ttl, new DeedSpec.DnsFailure("10.0.0.1")),
        "n1",
        agent,
        scene.effect,
        scene.fresh);
  }

  void pass(Duration time) {
    scene.now = scene.now.plus(time);
  }
}
