package dev.muster.engine.wiring;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.drill.port.ApiDeed;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Map;

/** A deed whose refusals by the API server are told in its words and with what to do. */
record ErrorTranslatingDeed(ApiDeed deed) implements ApiDeed {

  @Override
  public Map<String, String> identity() {
    return deed.identity();
  }

  @Override
  public void apply() {
    try {
      deed.apply();
    } catch (KubernetesClientException e) {
      throw new ClusterException(e);
    }
  }

  @Override
  public void proceed() {
    try {
      deed.proceed();
    } catch (KubernetesClientException e) {
      throw new ClusterException(e);
    }
  }

  @Override
  public boolean endsItself() {
    return deed.endsItself();
  }

  @Override
  public Duration step() {
    return deed.step();
  }

  @Override
  public Duration patience() {
    return deed.patience();
  }

  @Override
  public void undo() {
    try {
      deed.undo();
    } catch (KubernetesClientException e) {
      throw new ClusterException(e);
    }
  }

  @Override
  public boolean undone() {
    try {
      return deed.undone();
    } catch (KubernetesClientException e) {
      throw new ClusterException(e);
    }
  }
}
