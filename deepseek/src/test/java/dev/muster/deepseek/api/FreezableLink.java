package dev.muster.deepseek.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A way to a server on loopback that can be made to carry nothing, as if it were cut. */
final class FreezableLink implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final URI server;
  private final List<Socket> sockets = new ArrayList<>();
  private volatile boolean frozen;

  FreezableLink(String server) throws IOException {
    this.server = URI.create(server);
    Thread.ofVirtual().start(this::accept);
  }

  String endpoint() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** From now on nothing passes; connections stay open, new ones too. */
  void freeze() {
    frozen = true;
  }

  private void accept() {
    try {
      while (true) {
        var client = listener.accept();
        connect(client);
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void connect(Socket client) throws IOException {
    try {
      var upstream = new Socket(server.getHost(), server.getPort());
      synchronized (sockets) {
        sockets.add(client);
        sockets.add(upstream);
      }
      Thread.ofVirtual().start(() -> carry(client, upstream));
      Thread.ofVirtual().start(() -> carry(upstream, client));
    } catch (IOException e) {
      client.close(); // nobody is there
    }
  }

  private void carry(Socket from, Socket to) {
    var buffer = new byte[4096];
    try {
      for (int n; (n = from.getInputStream().read(buffer)) >= 0; ) {
        if (!frozen) {
          to.getOutputStream().write(buffer, 0, n);
        }
      }
      if (!frozen) {
        to.close();
      }
    } catch (IOException e) {
      // the other direction ended
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    synchronized (sockets) {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }
}
