package dev.muster.cli.terminal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * Signals of the operating system. A shutdown hook of the JDK hears the first only and cannot go
 * back, so this asks {@code sun.misc.Signal}: by reflection, for javac warns of that class whatever
 * one says, and warnings are errors here.
 */
public final class Signals {
  private Signals() {}

  /**
   * Calls {@code heard} with the number of each of these signals, on a thread of the JVM's, instead
   * of what the JVM does with it. One that this process was started to ignore, as by nohup, is
   * still ignored; one that this JVM cannot give away keeps its usual end.
   *
   * @param names without SIG
   */
  public static void listen(IntConsumer heard, String... names) {
    for (String name : names) {
      try {
        listen(heard, name);
      } catch (ReflectiveOperationException | IllegalArgumentException e) {
        System.err.println("muster: can not listen to " + name + ", it ends Muster without undo");
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // what a proxy equals is itself alone
  private static void listen(IntConsumer heard, String name) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object listener =
        Proxy.newProxyInstance(
            handler.getClassLoader(),
            new Class<?>[] {handler},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "handle" -> {
                    heard.accept((int) signal.getMethod("getNumber").invoke(arguments[0]));
                    yield null;
                  }
                  case "equals" -> proxy == arguments[0];
                  case "hashCode" -> System.identityHashCode(proxy);
                  default -> "listener of " + name;
                });
    Object which = signal.getConstructor(String.class).newInstance(name);
    try {
      var handle = signal.getMethod("handle", signal, handler);
      Object before = handle.invoke(null, which, listener);
      if (handler.getField("SIG_IGN").get(null).equals(before)) {
        handle.invoke(null, which, before);
      }
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(e.getCause());
    }
  }
}
