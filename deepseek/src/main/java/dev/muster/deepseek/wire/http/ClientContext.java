package dev.muster.deepseek.wire.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import java.util.concurrent.ExecutorService;

/** A connection as the web server sees it: its own in all but how it is read and written. */
final class ClientContext implements ConnectionContext {
  private final ConnectionContext own;
  private final ClientConnection client;
  private final DataReader reader;
  private final AnswerWriter writer;

  ClientContext(ConnectionContext own, ClientConnection client) {
    this.own = own;
    this.client = client;
    reader = DataReader.create(client::next);
    writer = new AnswerWriter(client::write);
    client.writer(writer);
  }

  ClientConnection client() {
    return client;
  }

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public DataWriter dataWriter() {
    return writer;
  }

  @Override
  public ListenerContext listenerContext() {
    return own.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return own.executor();
  }

  @Override
  public Router router() {
    return own.router();
  }

  @Override
  public HelidonSocket serverSocket() {
    return own.serverSocket();
  }

  @Override
  public PeerInfo remotePeer() {
    return own.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return own.localPeer();
  }

  @Override
  public boolean isSecure() {
    return own.isSecure();
  }

  @Override
  public String socketId() {
    return own.socketId();
  }

  @Override
  public String childSocketId() {
    return own.childSocketId();
  }
}
