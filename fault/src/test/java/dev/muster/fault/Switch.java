package dev.muster.fault;

import dev.muster.drill.port.Effect;
import dev.muster.drill.port.Power;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node's power, and what others see of the node. Like a command that is run, it fails if its
 * thread is interrupted.
 */
final class Switch implements Power, Effect {
  final List<String> done = new ArrayList<>();
  volatile boolean on = true;
  boolean offFails;
  boolean offDoesNothing;
  boolean onDoesNothing;
  int onFailures;
  int looksUntilBack;
  String stateTrouble = "";

  /** The API server cannot be asked. */
  boolean blind;

  @Override
  public void off(String node) {
    done.add("off " + node);
    on = offDoesNothing;
    if (offFails) {
      throw new PowerException("no answer");
    }
  }

  @Override
  public void on(String node) {
    if (Thread.currentThread().isInterrupted() || onFailures-- > 0) {
      throw new PowerException("no answer");
    }
    done.add("on " + node);
    on = on || !onDoesNothing;
  }

  @Override
  public State state(String node) {
    if (!stateTrouble.isEmpty()) {
      throw new PowerException(stateTrouble);
    }
    return on ? State.ON : State.OFF;
  }

  @Override
  public String describe() {
    return "fake";
  }

  @Override
  public Optional<String> before() {
    return on ? Optional.empty() : Optional.of("the kubelet of n1 does not answer already");
  }

  @Override
  public Optional<Map<String, String>> seen() {
    return on || blind ? Optional.empty() : Optional.of(Map.of("lease", "not renewed for 12 s"));
  }

  @Override
  public String unseen() {
    return "its kubelet answers";
  }

  @Override
  public Look again() {
    if (blind) {
      return new Untold("no API server");
    }
    if (!on) {
      return new Lasts(Map.of("lease", "not renewed"));
    }
    return looksUntilBack-- > 0
        ? new Untold("its kubelet does not answer")
        : new Over(Map.of("kubelet", "answers", "lease", "renewed"));
  }
}
