package dev.latente.hub;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow.Publisher;

/// What a server answered; whoever gets it closes its body.
record Answer(int status, HttpHeaders headers, BodyQueue body) {
  static Answer of(HttpResponse<Publisher<List<ByteBuffer>>> response) {
    BodyQueue body = new BodyQueue();
    response.body().subscribe(body);
    return new Answer(response.statusCode(), response.headers(), body);
  }

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }
}
