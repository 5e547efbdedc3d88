package dev.muster.fault;

import dev.muster.timeline.ObjectRef;
import dev.muster.wire.DeedSpec;
import dev.muster.wire.InjectionSpec;
import java.time.Duration;

/** A fault of which an agent says what the test has written down, in a {@link Scene}. */
abstract class AgentFaultWorld {
  static final Duration DURATION = Duration.ofSeconds(60);
  static final Duration TTL = Duration.ofMinutes(3);

  final Scene scene = new Scene();
  final FakeAgent agent = new FakeAgent(scene);
  final AgentFault fault =
      new AgentFault(
          spec(TTL),
          "NodeNetwork",
          new ObjectRef.Node("n1", null),
          "n1",
          agent,
          scene.effect,
          scene.fresh,
          scene.time,
          scene.timeline);

  static AgentFault of(Scene scene, FakeAgent agent) {
    return new AgentFault(
        spec(TTL),
        "CpuStress",
        new ObjectRef.Node("n1", null),
        "n1",
        agent,
        scene.effect,
        scene.fresh,
        scene.time,
        scene.timeline);
  }

  static InjectionSpec spec(Duration ttl) {
    return new InjectionSpec("r", "f", "0a", DURATION, ttl, new DeedSpec.DnsFailure("10.0.0.1"));
  }

  void pass(Duration time) {
    scene.now = scene.now.plus(time);
  }
}
