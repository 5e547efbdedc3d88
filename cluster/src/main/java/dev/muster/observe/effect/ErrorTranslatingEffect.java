package dev.muster.observe.effect;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.connect.ClusterException;
import dev.muster.drill.port.Effect;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** An effect; that it could not be looked at is told in words, as findings are read by people. */
record ErrorTranslatingEffect(Effect effect) implements Effect {

  private interface Question<T> {
    T ask() throws InterruptedException;
  }

  private static <T> T in(Question<T> question) throws InterruptedException {
    try {
      return question.ask();
    } catch (KubernetesClientException e) {
      throw new ClusterException(ApiErrors.why(e));
    }
  }

  @Override
  public Optional<String> before() throws InterruptedException {
    return in(effect::before);
  }

  @Override
  public Optional<Map<String, String>> seen() throws InterruptedException {
    return in(effect::seen);
  }

  @Override
  public Look again() throws InterruptedException {
    return in(effect::again);
  }

  @Override
  public Map<String, String> left() {
    try {
      return effect.left();
    } catch (KubernetesClientException e) {
      throw new ClusterException(ApiErrors.why(e));
    }
  }

  @Override
  public String unseen() {
    try {
      return effect.unseen();
    } catch (KubernetesClientException e) {
      throw new ClusterException(ApiErrors.why(e));
    }
  }

  @Override
  public boolean lasts() {
    return effect.lasts();
  }

  @Override
  public Duration patience() {
    return effect.patience();
  }

  @Override
  public Duration ending() {
    return effect.ending();
  }
}
