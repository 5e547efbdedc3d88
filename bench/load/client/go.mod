module muster.dev/bench/load/client

go 1.26
