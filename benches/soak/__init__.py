"""People come and go for a long time: what stays behind? `python -m benches.soak`."""
