package dev.muster.deepseek.wire.etcd;

import dev.muster.deepseek.wire.Json;
import java.net.InetSocketAddress;
import tools.jackson.core.JacksonException;

/**
 * A worker's entry in etcd, at {@code /deepseek/workers/<pod>} under the worker's lease.
 *
 * @param address IP address and port, like {@code 10.244.1.7:8000}
 * @param state what the worker says of itself; only {@code ready} is ever written today
 */
public record Registration(String pod, String address, String state) {
  public static final String PREFIX = "/deepseek/workers/";

  public String key() {
    return PREFIX + pod;
  }

  public String json() {
    return Json.object(json ->
        json.writeStringProperty("pod", pod)
            .writeStringProperty("address", address)
            .writeStringProperty("state", state));
  }

  /**
   * @throws IllegalArgumentException if the value is not what {@link #json} writes
   */
  public static Registration parse(String value) {
    try {
      var node = Json.parse(value);
      var registration =
          new Registration(
              node.path("pod").asString(""),
              node.path("address").asString(""),
              node.path("state").asString(""));
      if (registration.pod().isEmpty() || !registration.address().matches(".+:\\d{1,5}")) {
        throw new IllegalArgumentException("not a registration: " + value);
      }
      if (registration.port() > 65_535) {
        throw new IllegalArgumentException("no port: " + value);
      }
      return registration;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a registration: " + value, e);
    }
  }

  /** The address is an IP, so no name is looked up. */
  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(address.substring(0, address.lastIndexOf(':')), port());
  }

  private int port() {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }
}
