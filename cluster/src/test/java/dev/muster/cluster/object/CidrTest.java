package dev.muster.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.3/16, 10.1.255.255, true", // the address in it need not be its first
    "192.168.4.0/22, 192.168.7.255, true",
    "192.168.4.0/22, 192.168.8.0, false",
    "200.1.2.3, 200.1.2.3, true",
    "200.1.2.3, 200.1.2.4, false",
    "200.1.2.3/32, 200.1.2.3, true",
    "0.0.0.0/0, 255.255.255.255, true",
    "128.0.0.0/1, 255.0.0.1, true",
    "128.0.0.0/1, 127.255.255.255, false"
  })
  void itHoldsWhatItsFirstBitsSay(String range, String address, boolean holds) {
    assertThat(Cidr.of(range).holds(address)).isEqualTo(holds);
  }
}
