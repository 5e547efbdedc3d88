package dev.muster.deepseek.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A real etcd of one member on loopback. */
public final class LocalEtcd implements AutoCloseable {
  private final Path folder;
  private final int client = free();
  private final int peer = free();
  private Process process;

  public LocalEtcd(Path folder) throws IOException {
    this.folder = folder;
    process = launch();
  }

  public static boolean installed() {
    return Files.isExecutable(Path.of("/usr/bin/etcd"));
  }

  public String endpoint() {
    return "http://127.0.0.1:" + client;
  }

  public void stop() {
    process.destroyForcibly().onExit().join();
  }

  public void restart() throws IOException {
    process = launch();
  }

  @Override
  public void close() {
    stop();
  }

  private Process launch() throws IOException {
    var peerUrl = "http://127.0.0.1:" + peer;
    var started =
        new ProcessBuilder(
                "/usr/bin/etcd",
                "--name=default",
                "--data-dir=" + folder.resolve("data"),
                "--listen-client-urls=" + endpoint(),
                "--advertise-client-urls=" + endpoint(),
                "--listen-peer-urls=" + peerUrl,
                "--initial-advertise-peer-urls=" + peerUrl,
                "--initial-cluster=default=" + peerUrl,
                "--unsafe-no-fsync")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> {
          new java.net.Socket(InetAddress.getLoopbackAddress(), client).close();
          return true;
        });
    return started;
  }

  private static int free() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
