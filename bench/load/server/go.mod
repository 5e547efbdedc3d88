module muster.dev/bench/load/server

go 1.26
