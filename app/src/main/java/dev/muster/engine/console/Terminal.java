package dev.muster.engine.console;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * How wide the terminal is that a stream of this process goes to. The JDK tells whether standard
 * input and output are one together, and no size; the kernel tells both of each stream.
 */
public final class Terminal {
  /** Of a terminal that does not know its own width, as those of some CI systems. */
  private static final int USUAL = 80;

  /** The request TIOCGWINSZ, of Linux and of macOS. */
  private static final long SIZE_ON_LINUX = 0x5413L;

  private static final long SIZE_ON_MAC = 0x40087468L;

  private Terminal() {}

  /**
   * Asked anew each time, for windows are resized.
   *
   * @param descriptor 1 for standard output, 2 for standard error
   * @return gives columns; 0 where that is no terminal, or one that cannot wipe a line (TERM=dumb)
   */
  public static IntSupplier columns(int descriptor, Map<String, String> environment) {
    boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
    String said = environment.getOrDefault("COLUMNS", "");
    return () -> {
      int columns = dumb ? 0 : asked(descriptor);
      return columns > 0 && said.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(said) : columns;
    };
  }

  /**
   * Whether a person is at the other end of it.
   *
   * @param descriptor 0 for standard input
   */
  public static boolean is(int descriptor) {
    return asked(descriptor) > 0;
  }

  /** 0 where the stream is no terminal. */
  @SuppressWarnings("restricted") // a call of the C library, with the arguments that it has
  private static int asked(int descriptor) {
    boolean mac = System.getProperty("os.name", "").startsWith("Mac");
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      var ioctl =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("ioctl"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS),
              Linker.Option.firstVariadicArg(2));
      // rows, columns and two more, 16 bits each
      MemorySegment size = arena.allocate(ValueLayout.JAVA_SHORT, 4);
      long request = mac ? SIZE_ON_MAC : SIZE_ON_LINUX;
      if ((int) ioctl.invokeExact(descriptor, request, size) != 0) {
        return 0;
      }
      int columns = Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 1));
      return columns == 0 ? USUAL : columns;
    } catch (Throwable e) { // no such call on this system: plain lines are right everywhere
      return 0;
    }
  }
}
