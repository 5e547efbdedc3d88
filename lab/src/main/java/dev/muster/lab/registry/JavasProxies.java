package dev.muster.lab.registry;

import dev.muster.source.Proxies;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import org.jspecify.annotations.Nullable;

/**
 * Makes proxies those of this Java until closed, for jib asks nobody else for them. One at a time:
 * all of the process is told them meanwhile.
 */
public record JavasProxies(@Nullable ProxySelector before, @Nullable Authenticator whoWas)
    implements AutoCloseable {

  public static JavasProxies set(Proxies proxies) {
    var before = new JavasProxies(ProxySelector.getDefault(), Authenticator.getDefault());
    ProxySelector.setDefault(proxies);
    Authenticator.setDefault(
        new Authenticator() {
          @Override
          protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            String user =
                getRequestorType() == RequestorType.PROXY
                    ? proxies.user(getRequestingHost(), getRequestingPort())
                    : null;
            if (user == null) {
              return null;
            }
            int colon = user.indexOf(':');
            return colon < 0
                ? new PasswordAuthentication(user, new char[0])
                : new PasswordAuthentication(
                    user.substring(0, colon), user.substring(colon + 1).toCharArray());
          }
        });
    return before;
  }

  @Override
  public void close() {
    ProxySelector.setDefault(before);
    Authenticator.setDefault(whoWas);
  }
}
