package org.example.articles

import com.squareup.moshi.Json
import com.squareup.moshi.JsonClass

@JsonClass(generateAdapter = true)
data class AuthorDto(val username: String, val name: String, val avatar: String)

@JsonClass(generateAdapter = true)
data class CommentDto(val id: Long, val body: String, @Json(name = "created_at") val createdAt: String, val author: AuthorDto)

@JsonClass(generateAdapter = true)
data class ArticleDto(val slug: String, val title: String, val body: String, val author: AuthorDto)
